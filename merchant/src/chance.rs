//! What nobody may foresee: the digits of ids, and by how much a back-off is
//! spread. A value, so that a simulation can repeat itself.

use std::sync::Arc;

use rand::RngExt as _;

/// Draws from the system's generator, or from what it is [`From`].
#[derive(Clone)]
pub struct Chance(Arc<dyn Fn() -> u128 + Send + Sync>);

impl Default for Chance {
    fn default() -> Self {
        Chance(Arc::new(|| rand::rng().random()))
    }
}

impl<F: Fn() -> u128 + Send + Sync + 'static> From<F> for Chance {
    fn from(draw: F) -> Self {
        Chance(Arc::new(draw))
    }
}

impl Chance {
    pub(crate) fn draw(&self) -> u128 {
        (self.0)()
    }

    /// From 0 up to `most`.
    pub(crate) fn up_to(&self, most: u32) -> u32 {
        let drawn = self.draw() % (u128::from(most) + 1);
        u32::try_from(drawn).unwrap_or(most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_stays_within_its_bounds_and_reaches_them() {
        assert_eq!(Chance::from(|| 10).up_to(10), 10);
        assert_eq!(Chance::from(|| 11).up_to(10), 0);
        assert_eq!(Chance::from(|| u128::MAX).up_to(0), 0);
    }
}

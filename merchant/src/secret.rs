//! A text that must not be seen: keys and tokens on their way through the
//! server. Knows nothing of what the secret is for.

use std::fmt;

/// Cannot be compared: `==` ends at the first difference, and so tells where it
/// is. What proves something is compared by `subtle`.
///
/// Prints as `Secret(…)`; the text comes out through [`Secret::expose`] alone.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Secret(text.into())
    }

    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    /// Two that may both be `compare` would be one too many to choose from.
    trait Compared<Whether> {
        fn compare() {}
    }

    impl<T> Compared<()> for T {}

    impl<T: PartialEq> Compared<bool> for T {}

    #[test]
    fn a_secret_is_not_compared_by_equals() {
        <Secret as Compared<_>>::compare();
    }

    #[test]
    fn debug_never_shows_the_text() {
        let shown = format!("{:?}", Secret::new("hunter2"));
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}

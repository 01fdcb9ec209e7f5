//! What is drawn by lot. Every actor and every message has dice of its own, made
//! of the seed, its name and its number: one more draw in one place moves
//! nothing in another.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

pub struct Dice(StdRng);

impl Dice {
    pub fn of(seed: u64, name: &str, number: u64) -> Self {
        // FNV-1a, which is the same on every machine and in every version.
        let bytes = seed.to_le_bytes().into_iter().chain(name.bytes());
        let bytes = bytes.chain(number.to_le_bytes());
        let mixed = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Dice(StdRng::seed_from_u64(mixed))
    }

    /// True so many times in a hundred.
    pub fn chance(&mut self, percent: u32) -> bool {
        self.0.random_range(0..100) < percent
    }

    pub fn among<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.0.random_range(0..all.len())]
    }

    pub fn number(&mut self, from: u64, to: u64) -> u64 {
        self.0.random_range(from..=to)
    }

    pub fn wide(&mut self) -> u128 {
        self.0.random()
    }

    pub fn milliseconds(&mut self, from: u64, to: u64) -> Duration {
        Duration::from_millis(self.number(from, to))
    }

    pub fn seconds(&mut self, from: u64, to: u64) -> Duration {
        self.milliseconds(from * 1000, to * 1000)
    }
}

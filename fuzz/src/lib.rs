//! What the fuzz targets share: a provider that answers what it is told to, and
//! the reading of an input that a person can write.

#[cfg(feature = "targets")]
pub mod provider;
#[cfg(feature = "targets")]
pub mod standing;

/// An input as a line of words and what stands below it.
pub fn headed(input: &[u8]) -> Option<(Vec<&str>, &[u8])> {
    let end = input.iter().position(|byte| *byte == b'\n')?;
    let (line, rest) = input.split_at(end);
    let words = std::str::from_utf8(line).ok()?.split(' ').collect();
    Some((words, &rest[1..]))
}

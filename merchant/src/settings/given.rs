//! Settings as they were written, read by name. Knows no setting; every error
//! names the variable to set and never quotes its value: it may be a secret.
//!
//! Remembers what it was asked for: what was given beyond that is a slip of the
//! pen, and the documentation is held against it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use figment::Figment;
use figment::providers::{Format as _, Toml};
use figment::value::{Num, Value};
use url::Url;

use super::{PREFIX, SettingsError};
use crate::secret::Secret;

/// Names are those of the environment, without the prefix.
pub(super) struct Given {
    values: BTreeMap<String, Value>,
    asked: RefCell<BTreeMap<&'static str, Absent>>,
}

/// What it means that a setting is not given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Absent {
    Stops,
    Is(String),
    IsNone,
}

/// Ends the name of a setting that is a file's content.
const FILE: &str = "_file";

pub(super) fn missing(name: &str) -> SettingsError {
    SettingsError::Missing(format!("{PREFIX}{name}"))
}

pub(super) fn invalid(name: &str, reason: impl Into<String>) -> SettingsError {
    SettingsError::Invalid {
        name: format!("{PREFIX}{name}"),
        reason: reason.into(),
    }
}

impl Given {
    /// The file that `KASA_CONFIG` names, then the variables, which win.
    pub(super) fn read(
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, SettingsError> {
        // Not figment's own `Env`: it guesses types, and a key of digits would lose its zeros.
        let mut given: BTreeMap<String, Value> = variables
            .into_iter()
            .filter_map(|(name, value)| {
                Some((name.strip_prefix(PREFIX)?.to_ascii_lowercase(), value))
            })
            .map(|(name, value)| (name, Value::from(value)))
            .collect();
        let mut values = match given.remove("config") {
            Some(Value::String(_, path)) if !path.is_empty() => {
                let file = Figment::from(Toml::file_exact(path)).extract();
                let file = file.map_err(|error| invalid("CONFIG", error.kind.to_string()))?;
                with_files(file)?
            }
            _ => BTreeMap::new(),
        };
        values.extend(with_files(given)?);
        Ok(Given {
            values: values
                .into_iter()
                .map(|(name, value)| (name.to_ascii_uppercase(), value))
                .collect(),
            asked: RefCell::default(),
        })
    }

    /// What was asked for so far, and what its absence means.
    #[cfg(test)]
    pub(super) fn asked(&self) -> BTreeMap<&'static str, Absent> {
        self.asked.borrow().clone()
    }

    /// Names that were given and that nobody asked for.
    pub(super) fn unknown(&self) -> Vec<String> {
        let asked = self.asked.borrow();
        let known = |name: &&String| !asked.contains_key(name.as_str());
        let names = self.values.keys().filter(known);
        names.map(|name| format!("{PREFIX}{name}")).collect()
    }

    fn get(&self, name: &'static str, absent: Absent) -> Option<&Value> {
        let mut asked = self.asked.borrow_mut();
        let known = asked.entry(name).or_insert_with(|| absent.clone());
        if absent == Absent::Stops {
            *known = absent;
        }
        self.values.get(name)
    }

    fn text_unless(
        &self,
        name: &'static str,
        absent: Absent,
    ) -> Result<Option<String>, SettingsError> {
        match self.get(name, absent) {
            None => Ok(None),
            Some(Value::String(_, text)) => Ok(Some(text.clone())),
            Some(_) => Err(invalid(name, "a text is needed")),
        }
    }

    /// Whether a setting of this group was given at all.
    pub(super) fn any(&self, prefix: &str) -> bool {
        self.values.keys().any(|name| name.starts_with(prefix))
    }

    pub(super) fn text(&self, name: &'static str) -> Result<Option<String>, SettingsError> {
        self.text_unless(name, Absent::IsNone)
    }

    pub(super) fn text_or(
        &self,
        name: &'static str,
        default: &str,
    ) -> Result<String, SettingsError> {
        let given = self.text_unless(name, Absent::Is(default.into()))?;
        Ok(given.unwrap_or_else(|| default.to_owned()))
    }

    pub(super) fn needed(&self, name: &'static str) -> Result<String, SettingsError> {
        let given = self.text_unless(name, Absent::Stops)?;
        given.ok_or_else(|| missing(name))
    }

    pub(super) fn secret(&self, name: &'static str) -> Result<Secret, SettingsError> {
        self.needed(name).map(Secret::new)
    }

    pub(super) fn optional_secret(
        &self,
        name: &'static str,
    ) -> Result<Option<Secret>, SettingsError> {
        Ok(self.text(name)?.map(Secret::new))
    }

    /// A base address, without its trailing slash.
    pub(super) fn base(&self, name: &'static str) -> Result<String, SettingsError> {
        check_base(name, &self.needed(name)?)
    }

    pub(super) fn base_or(
        &self,
        name: &'static str,
        default: &str,
    ) -> Result<String, SettingsError> {
        check_base(name, &self.text_or(name, default)?)
    }

    pub(super) fn optional_base(
        &self,
        name: &'static str,
    ) -> Result<Option<String>, SettingsError> {
        self.text(name)?
            .map(|text| check_base(name, &text))
            .transpose()
    }

    /// `false` unless given.
    pub(super) fn switch(&self, name: &'static str) -> Result<bool, SettingsError> {
        match self.get(name, Absent::Is(false.to_string())) {
            None => Ok(false),
            Some(Value::Bool(_, on)) => Ok(*on),
            Some(Value::String(_, text)) => text
                .trim()
                .parse()
                .map_err(|_| invalid(name, "true or false is needed")),
            Some(_) => Err(invalid(name, "true or false is needed")),
        }
    }

    /// One of `choices`, by its word; the first unless given.
    pub(super) fn choice<T: Copy, const N: usize>(
        &self,
        name: &'static str,
        choices: [(&str, T); N],
    ) -> Result<T, SettingsError> {
        let default = choices.first().map_or("", |(word, _)| word);
        let given = self.text_unless(name, Absent::Is(default.into()))?;
        let chosen = match &given {
            None => choices.first(),
            Some(word) => choices.iter().find(|(choice, _)| choice == word),
        };
        chosen.map(|(_, choice)| *choice).ok_or_else(|| {
            let words = choices.map(|(word, _)| word).join(" or ");
            invalid(name, format!("{words} is needed"))
        })
    }

    /// Whole seconds, 1 to those of 30 days.
    pub(super) fn duration(
        &self,
        name: &'static str,
        default: u64,
    ) -> Result<Duration, SettingsError> {
        match self.pause(name, default)? {
            Duration::ZERO => Err(invalid(name, "at least 1 second is needed")),
            duration => Ok(duration),
        }
    }

    /// Whole seconds, none to those of 30 days.
    pub(super) fn pause(
        &self,
        name: &'static str,
        default: u64,
    ) -> Result<Duration, SettingsError> {
        let seconds = self
            .number(name, default)
            .ok_or_else(|| invalid(name, "whole seconds are needed"))?;
        match seconds {
            seconds if seconds > 30 * 24 * 3600 => Err(invalid(name, "more than 30 days")),
            seconds => Ok(Duration::from_secs(seconds)),
        }
    }

    /// A number, maybe zero.
    pub(super) fn count(&self, name: &'static str, default: u32) -> Result<u32, SettingsError> {
        let number = self.number(name, default.into());
        let number = number.and_then(|number| u32::try_from(number).ok());
        number.ok_or_else(|| invalid(name, "a whole number is needed"))
    }

    /// A number, at least 1.
    pub(super) fn some(&self, name: &'static str, default: u32) -> Result<u32, SettingsError> {
        match self.count(name, default)? {
            0 => Err(invalid(name, "at least 1 is needed")),
            number => Ok(number),
        }
    }

    /// `None`: it is given, and is no whole number.
    fn number(&self, name: &'static str, default: u64) -> Option<u64> {
        match self.get(name, Absent::Is(default.to_string())) {
            None => Some(default),
            Some(Value::String(_, text)) => text.trim().parse().ok(),
            Some(Value::Num(_, number)) => unsigned(number),
            Some(_) => None,
        }
    }
}

/// `values` without what is empty, and with `x_file = "path"` read into `x`: so
/// containers and systemd hand secrets over. One layer at a time, so that either
/// form in the environment wins over either in the file.
fn with_files(values: BTreeMap<String, Value>) -> Result<BTreeMap<String, Value>, SettingsError> {
    let filled = values
        .into_iter()
        .filter(|(_, value)| value.as_str() != Some(""));
    let (files, mut values): (BTreeMap<_, _>, BTreeMap<_, _>) =
        filled.partition(|(name, _)| name.ends_with(FILE));
    for (file, path) in files {
        let upper = file.to_ascii_uppercase();
        let name = file.trim_end_matches(FILE).to_owned();
        let path = path
            .into_string()
            .ok_or_else(|| invalid(&upper, "a path is needed"))?;
        let text = std::fs::read_to_string(path)
            .map_err(|error| invalid(&upper, format!("the file cannot be read: {error}")))?;
        let text = text.trim_end_matches(['\r', '\n']);
        if text.is_empty() {
            return Err(invalid(&upper, "the file is empty"));
        }
        if values.insert(name.clone(), Value::from(text)).is_some() {
            let name = name.to_ascii_uppercase();
            return Err(invalid(&upper, format!("{PREFIX}{name} is set too")));
        }
    }
    Ok(values)
}

fn unsigned(number: &Num) -> Option<u64> {
    let signed = || u64::try_from(number.to_i128()?).ok();
    let unsigned = number.to_u128();
    unsigned.map_or_else(signed, |number| u64::try_from(number).ok())
}

fn check_base(name: &str, text: &str) -> Result<String, SettingsError> {
    let url = Url::parse(text).map_err(|error| invalid(name, error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https")
        || url.query().is_some()
        || url.fragment().is_some()
    {
        return Err(invalid(
            name,
            "an http or https address without query is needed",
        ));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.values.keys()).finish()
    }
}

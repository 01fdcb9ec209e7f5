//! Settings as they were written, read by name. Knows no setting; every error
//! names the variable to set and never quotes its value: it may be a secret.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use figment::Figment;
use figment::providers::{Format as _, Serialized, Toml};
use figment::value::{Num, Value};
use url::Url;

use super::{PREFIX, SettingsError};
use crate::secret::Secret;

/// Names are those of the environment, without the prefix.
pub(super) struct Given(BTreeMap<String, Value>);

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
        let mut given: BTreeMap<String, String> = variables
            .into_iter()
            .filter_map(|(name, value)| {
                Some((name.strip_prefix(PREFIX)?.to_ascii_lowercase(), value))
            })
            .filter(|(_, value)| !value.is_empty())
            .collect();
        let mut figment = Figment::new();
        if let Some(file) = given.remove("config") {
            figment = figment.merge(Toml::file_exact(PathBuf::from(file)));
        }
        let values: BTreeMap<String, Value> = figment
            .merge(Serialized::defaults(given))
            .extract()
            .map_err(|error| invalid("CONFIG", error.kind.to_string()))?;
        let filled = |value: &Value| value.as_str() != Some("");
        Ok(Given(
            values
                .into_iter()
                .filter(|(_, value)| filled(value))
                .map(|(name, value)| (name.to_ascii_uppercase(), value))
                .collect(),
        ))
    }

    /// Whether a setting of this group was given at all.
    pub(super) fn any(&self, prefix: &str) -> bool {
        self.0.keys().any(|name| name.starts_with(prefix))
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<String>, SettingsError> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::String(_, text)) => Ok(Some(text.clone())),
            Some(_) => Err(invalid(name, "a text is needed")),
        }
    }

    pub(super) fn needed(&self, name: &str) -> Result<String, SettingsError> {
        self.text(name)?.ok_or_else(|| missing(name))
    }

    pub(super) fn secret(&self, name: &str) -> Result<Secret, SettingsError> {
        self.needed(name).map(Secret::new)
    }

    pub(super) fn optional_secret(&self, name: &str) -> Result<Option<Secret>, SettingsError> {
        Ok(self.text(name)?.map(Secret::new))
    }

    /// A base address, without its trailing slash.
    pub(super) fn base(&self, name: &str) -> Result<String, SettingsError> {
        check_base(name, &self.needed(name)?)
    }

    pub(super) fn optional_base(&self, name: &str) -> Result<Option<String>, SettingsError> {
        self.text(name)?
            .map(|text| check_base(name, &text))
            .transpose()
    }

    /// `false` unless given.
    pub(super) fn switch(&self, name: &str) -> Result<bool, SettingsError> {
        match self.0.get(name) {
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
        name: &str,
        choices: [(&str, T); N],
    ) -> Result<T, SettingsError> {
        let given = self.text(name)?;
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
    pub(super) fn duration(&self, name: &str, default: u64) -> Result<Duration, SettingsError> {
        let whole = || invalid(name, "whole seconds are needed");
        let seconds = match self.0.get(name) {
            None => default,
            Some(Value::String(_, text)) => text.trim().parse().map_err(|_| whole())?,
            Some(Value::Num(_, number)) => unsigned(number).ok_or_else(whole)?,
            Some(_) => return Err(whole()),
        };
        match seconds {
            0 => Err(invalid(name, "at least 1 second is needed")),
            seconds if seconds > 30 * 24 * 3600 => Err(invalid(name, "more than 30 days")),
            seconds => Ok(Duration::from_secs(seconds)),
        }
    }
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
        f.debug_set().entries(self.0.keys()).finish()
    }
}

//! What an order may be paid with: all providers are asked at the same time,
//! once, when the order is created.

use std::time::Duration;

use kasa_checkout::wire::merchant::Method;
use tokio::time::timeout;

use super::registry::METHODS;
use super::{Asked, Providers};
use crate::problem::{Error, Result};
use crate::store::OrderDraft;

/// The shop's back end waits for this: a provider that is slow offers nothing.
const PATIENCE: Duration = Duration::from_secs(5);

/// What this order may be paid with, in the order to show; never nothing.
/// `wanted`: only methods of these names, in this order.
pub(crate) async fn offers(
    providers: &Providers,
    draft: &OrderDraft,
    wanted: Option<&[String]>,
) -> Result<Vec<Method>> {
    if let Some(wanted) = wanted {
        check(wanted)?;
    }
    let is_wanted =
        |method: &str| wanted.is_none_or(|wanted| wanted.iter().any(|name| name == method));
    let asked = providers
        .iter()
        .filter(|asked| is_wanted(asked.provider.method()))
        .map(|asked| ask(asked, draft));
    let answers = futures_util::future::join_all(asked).await;
    let silent = answers.iter().any(Option::is_none);
    let mut offered: Vec<Method> = answers.into_iter().flatten().flatten().collect();
    if let Some(wanted) = wanted {
        // Stable: what one provider offers stays in its order.
        offered.sort_by_key(|method| wanted.iter().position(|name| name == method.name()));
    }
    match (offered.is_empty(), silent) {
        (false, _) => Ok(offered),
        // Stored with nothing to pay by, the order could never be paid: let the shop ask again.
        (true, true) => Err(Error::ProviderUnavailable(
            "no provider said what it offers".into(),
        )),
        (true, false) => Err(Error::unfit(
            "methods: this server offers none for such an order",
        )),
    }
}

fn check(wanted: &[String]) -> Result<()> {
    let known = wanted.iter().all(|name| METHODS.contains(&name.as_str()));
    if known && !wanted.is_empty() {
        Ok(())
    } else {
        Err(Error::unfit(format!(
            "methods: one or more of {}",
            METHODS.join(", ")
        )))
    }
}

/// `None`: it could not say.
async fn ask(asked: &Asked, draft: &OrderDraft) -> Option<Vec<Method>> {
    let method = asked.provider.method();
    match timeout(PATIENCE, asked.provider.offers(draft)).await {
        Ok(Ok(offered)) => Some(offered),
        Ok(Err(error)) => {
            tracing::error!(method, %error, "not offered: its provider could not be asked");
            None
        }
        Err(_) => {
            tracing::error!(method, "not offered: its provider took too long");
            None
        }
    }
}

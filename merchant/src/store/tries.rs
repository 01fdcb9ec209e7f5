//! Tries of customers, addresses and checkouts. A window begins with the first
//! try of its subject and ends for all of them at once. Counted and compared in
//! one statement, so that no number of servers lets more through.

use jiff::Timestamp;
use sqlx::Row as _;

use super::{Result, Store, Work, count, moment};
use crate::ids::CheckoutId;
use crate::metrics::Limit;

/// One more try of a subject.
pub(crate) struct Tries {
    pub(crate) limit: Limit,
    pub(crate) most: u32,
    /// A keyed hash.
    pub(crate) subject: String,
    /// Of the window, if this try begins it.
    pub(crate) ends_at: Timestamp,
}

/// What makes the server ask a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    Token,
    /// About a card.
    Lookup,
    /// A code, another one, a cancel.
    OfPayment,
}

/// A limit that one more try would break; it is not counted.
pub(crate) enum Over {
    /// For good.
    Checkout,
    Until {
        limit: Limit,
        ends_at: Timestamp,
    },
}

const TRY: &str = "INSERT INTO tries (subject, used, ends_at) VALUES ($1, 1, $2)
                   ON CONFLICT (subject) DO UPDATE
                   SET used = CASE WHEN tries.ends_at <= $3 THEN 1 ELSE tries.used + 1 END,
                       ends_at = CASE WHEN tries.ends_at <= $3 THEN excluded.ends_at ELSE tries.ends_at END
                   RETURNING used, ends_at";

/// Counts within a transaction, which is to be dropped where one is over. All
/// transactions take their subjects in one order, so that none waits for another
/// that waits for it.
pub(super) async fn count_tries(
    work: &mut Work,
    tries: &[Tries],
    now: Timestamp,
) -> Result<Option<Over>> {
    let mut tries: Vec<&Tries> = tries.iter().collect();
    tries.sort_by(|one, other| one.subject.cmp(&other.subject));
    for tried in tries {
        let row = sqlx::query(TRY)
            .bind(&tried.subject)
            .bind(tried.ends_at.as_millisecond())
            .bind(now.as_millisecond())
            .fetch_one(&mut **work)
            .await?;
        if count::<u32>(&row, "used")? > tried.most {
            return Ok(Some(Over::Until {
                limit: tried.limit,
                ends_at: moment(row.try_get("ends_at")?)?,
            }));
        }
    }
    Ok(None)
}

impl Store {
    /// Counts a question of a checkout, of which it may ask `most` (0: any
    /// number), and of an address. The checkout first, as payments do.
    pub(crate) async fn count_question(
        &self,
        checkout: &CheckoutId,
        question: Question,
        most: u32,
        tries: Option<&Tries>,
        now: Timestamp,
    ) -> Result<Option<Over>> {
        const TOKEN: &str = "UPDATE orders SET temp_tokens = temp_tokens + 1
                             WHERE checkout = $1 AND ($2 = 0 OR temp_tokens < $2)";
        const LOOKUP: &str = "UPDATE orders SET lookups = lookups + 1
                              WHERE checkout = $1 AND ($2 = 0 OR lookups < $2)";
        let of_checkout = match question {
            Question::Token => Some(TOKEN),
            Question::Lookup => Some(LOOKUP),
            Question::OfPayment => None,
        };
        if of_checkout.is_none() && tries.is_none() {
            return Ok(None);
        }
        let mut work = self.database.write().await?;
        if let Some(sql) = of_checkout {
            let counted = sqlx::query(sql)
                .bind(checkout.as_str())
                .bind(i64::from(most))
                .execute(&mut *work)
                .await?;
            if counted.rows_affected() == 0 {
                return Ok(Some(Over::Checkout));
            }
        }
        if let Some(tried) = tries {
            let over = count_tries(&mut work, std::slice::from_ref(tried), now).await?;
            if over.is_some() {
                return Ok(over);
            }
        }
        work.commit().await?;
        Ok(None)
    }

    /// Deletes windows that are over.
    pub(crate) async fn forget_tries(&self, now: Timestamp) -> Result<()> {
        sqlx::query("DELETE FROM tries WHERE ends_at <= $1")
            .bind(now.as_millisecond())
            .execute(self.pool())
            .await
            .map(drop)
    }
}

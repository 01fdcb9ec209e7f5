//! The points of a journey at which the merchant server can die: each request
//! to it and each of its own, when it has come and when it has been answered.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kasa_e2e::proxy::{Moment, Proxy, Ruling, Seen};
use kasa_e2e::till::Till;

/// Of requests that come again and again (questions, long polls) so many count.
const MOST_OF_A_KIND: usize = 2;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Point {
    gate: &'static str,
    /// Method and path, without what is another one each time.
    request: String,
    /// From 1, of the same request.
    time: usize,
    moment: Moment,
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Point {
            gate,
            request,
            time,
            moment,
        } = self;
        write!(f, "{gate} {request} #{time} {moment:?}")
    }
}

impl Point {
    /// What is asked again and again need not be asked every time: a callback
    /// may have told it before.
    pub fn may_stay_away(&self) -> bool {
        self.time > 1 || self.request.starts_with("GET")
    }
}

/// What the gates see: every point that was reached, and the one that kills.
#[derive(Clone, Default)]
pub struct Watch(Arc<Mutex<Seeing>>);

#[derive(Default)]
struct Seeing {
    times: BTreeMap<(&'static str, String), usize>,
    reached: Vec<Point>,
    deadly: Option<Point>,
}

impl Watch {
    /// From now on the gates are watched; at `deadly` the merchant server dies.
    pub fn over(till: &Till, deadly: Option<Point>) -> Watch {
        let watch = Watch::default();
        watch.lock().deadly = deadly;
        for (gate, proxy) in [
            ("to the server", &till.front),
            ("to a provider", &till.back),
        ] {
            watch.at(till, gate, proxy, |_| Ruling::Pass);
        }
        let ear = till.ear();
        watch.at(till, "to the shop", &till.shop, move |seen| {
            ear(&seen.body);
            Ruling::Answer(204)
        });
        watch
    }

    fn at(
        &self,
        till: &Till,
        gate: &'static str,
        proxy: &Proxy,
        ruling: impl Fn(&Seen) -> Ruling + Send + Sync + 'static,
    ) {
        let (watch, merchant) = (self.clone(), till.merchant());
        proxy.watch(move |seen| {
            let ruling = ruling(&seen);
            if !watch.kills(gate, &seen) {
                return Box::pin(std::future::ready(ruling));
            }
            let merchant = merchant.clone();
            Box::pin(async move {
                merchant.kill().await;
                Ruling::Break
            })
        });
    }

    fn kills(&self, gate: &'static str, seen: &Seen) -> bool {
        let mut seeing = self.lock();
        let request = format!("{} {}", seen.method, kind(&seen.path));
        let times = seeing.times.entry((gate, request.clone())).or_default();
        if seen.moment == Moment::Asked {
            *times += 1;
        }
        let point = Point {
            gate,
            request,
            time: *times,
            moment: seen.moment,
        };
        let deadly = seeing.deadly.as_ref() == Some(&point);
        if deadly {
            seeing.deadly = None;
        }
        seeing.reached.push(point);
        deadly
    }

    /// Each point that was reached, once.
    pub fn points(&self) -> Vec<Point> {
        let mut points = self.lock().reached.clone();
        points.retain(|point| point.time <= MOST_OF_A_KIND);
        points.sort();
        points.dedup();
        points
    }

    /// Whether the point that kills was reached.
    pub fn killed(&self) -> bool {
        self.lock().deadly.is_none()
    }

    fn lock(&self) -> MutexGuard<'_, Seeing> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A path without ids: `/v1/checkouts/*/payments`.
fn kind(path: &str) -> String {
    let version = |part: &str| part.len() < 4;
    let fixed = |part: &&str| {
        version(part) || !part.contains(|letter: char| letter.is_ascii_digit() || letter == '_')
    };
    let parts = path.split('/').map(|part| {
        if fixed(&part) || part == "start3d" {
            part
        } else {
            "*"
        }
    });
    parts.collect::<Vec<_>>().join("/")
}

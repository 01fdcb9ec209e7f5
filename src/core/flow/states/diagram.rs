//! Makes a diagram, a table of states and a table of steps from what a walk has
//! noted. Knows no machine.

use std::collections::{BTreeMap, BTreeSet};

use super::explore::{Arrow, Cause, Place};

/// What is drawn, and what stands beside it.
pub(super) struct Drawing {
    pub(super) title: &'static str,
    pub(super) about: &'static str,
    /// Which of the names of a place is drawn.
    pub(super) part: usize,
    /// The states and ends in order, each with its meaning.
    pub(super) states: Vec<(String, String)>,
    /// Whether nothing comes after a state that nothing leads out of.
    pub(super) ends: bool,
    /// Whether steps that stay where they are, but ask for something, belong to
    /// this machine, and not to one inside it.
    pub(super) stays: bool,
}

/// From where, under the same causes, to where, with which effects.
struct Step {
    from: From,
    causes: String,
    effects: Vec<&'static str>,
    to: String,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum From {
    Begin,
    /// Whatever the state, where it is no end.
    Any,
    State(String),
}

type Causes = BTreeSet<Cause>;

impl Drawing {
    pub(super) fn draw(&self, arrows: &BTreeSet<Arrow>) -> String {
        let (title, about) = (self.title, self.about);
        let diagram = self.diagram(arrows);
        let (meanings, steps) = (self.meanings(arrows), self.table(arrows));
        format!("## {title}\n\n{about}\n\n{diagram}\n{meanings}\n{steps}")
    }

    fn name<'a>(&self, place: &'a Place) -> Option<&'a str> {
        match place {
            Place::Begin => None,
            Place::At(parts) => parts.get(self.part).map(String::as_str),
            Place::End(end) => Some(end),
        }
    }

    fn rank(&self, state: &str) -> usize {
        let known = self.states.iter().position(|(name, _)| name == state);
        known.unwrap_or_else(|| panic!("{}: {state} has no meaning", self.title))
    }

    /// One line for each pair of states, and the effects that all steps between
    /// the two have.
    fn diagram(&self, arrows: &BTreeSet<Arrow>) -> String {
        let between =
            |arrow: &Arrow| (self.name(&arrow.from) != self.name(&arrow.to)).then_some(vec![]);
        let mut common = BTreeMap::new();
        for arrow in arrows {
            let pair = (self.name(&arrow.from), self.name(&arrow.to));
            let effects = common.entry(pair).or_insert_with(|| arrow.effects.clone());
            effects.retain(|effect| arrow.effects.contains(effect));
        }
        let steps = self.steps(arrows, between);
        let is_any = |step: &&Step| step.from == From::Any;
        let (outer, inner): (Vec<_>, Vec<_>) = steps.iter().partition(is_any);
        let mut lines = vec![];
        for step in inner {
            let (from, key) = match &step.from {
                From::State(state) => (state.as_str(), Some(state.as_str())),
                _ => ("[*]", None),
            };
            let effects = common.get(&(key, Some(step.to.as_str())));
            lines.push(line(
                from,
                &step.to,
                &step.causes,
                effects.map_or(&[], |all| all),
            ));
        }
        if !outer.is_empty() {
            let within = |line: String| format!("    {line}");
            let mut whole = vec![format!("state \"{}\" as any {{", self.title)];
            whole.extend(lines.into_iter().map(within));
            whole.push("}".to_owned());
            whole.extend(
                outer
                    .iter()
                    .map(|step| line("any", &step.to, &step.causes, &[])),
            );
            lines = whole;
        }
        if self.ends {
            let last = self
                .states
                .iter()
                .filter(|(name, _)| self.is_last(name, arrows));
            lines.extend(last.map(|(name, _)| format!("{name} --> [*]")));
        }
        let lines: String = lines.iter().map(|line| format!("    {line}\n")).collect();
        format!("```mermaid\nstateDiagram-v2\n{lines}```\n")
    }

    fn meanings(&self, arrows: &BTreeSet<Arrow>) -> String {
        let mut text = "| state | means |\n|---|---|\n".to_owned();
        for (name, meaning) in &self.states {
            let reached = arrows
                .iter()
                .any(|arrow| self.name(&arrow.to) == Some(name));
            assert!(reached, "{}: {name} was not reached", self.title);
            text += &format!("| `{name}` | {meaning} |\n");
        }
        text
    }

    /// Every step that leads on or asks for something.
    fn table(&self, arrows: &BTreeSet<Arrow>) -> String {
        let all = |arrow: &Arrow| {
            let on = self.name(&arrow.from) != self.name(&arrow.to);
            (on || (self.stays && !arrow.effects.is_empty())).then(|| arrow.effects.clone())
        };
        let mut rows = String::new();
        for Step {
            from,
            causes,
            effects,
            to,
        } in self.steps(arrows, all)
        {
            let effects: Vec<_> = effects.iter().map(|effect| format!("`{effect}`")).collect();
            let stays = matches!(&from, From::State(state) if *state == to);
            let from = match from {
                From::Begin => String::new(),
                From::Any => "any".to_owned(),
                From::State(state) => format!("`{state}`"),
            };
            let to = if stays || to == STAYS {
                STAYS.to_owned()
            } else {
                format!("`{to}`")
            };
            rows += &format!("| {from} | {causes} | {} | {to} |\n", effects.join(", "));
        }
        format!(
            "<details><summary>Every step</summary>\n\n| from | on | effects | to |\n|---|---|---|---|\n{rows}\n</details>\n"
        )
    }

    /// The steps that are wanted, in the order of the states, those of one from
    /// and to and of the same effects taken together.
    fn steps(
        &self,
        arrows: &BTreeSet<Arrow>,
        wanted: impl Fn(&Arrow) -> Option<Vec<&'static str>>,
    ) -> Vec<Step> {
        let mut heard: BTreeMap<Option<&str>, Causes> = BTreeMap::new();
        let mut steps: BTreeMap<_, Causes> = BTreeMap::new();
        for arrow in arrows {
            let from = self.name(&arrow.from);
            heard.entry(from).or_default().insert(arrow.cause.clone());
            if let (Some(to), Some(effects)) = (self.name(&arrow.to), wanted(arrow)) {
                let to = if from == Some(to) { STAYS } else { to };
                let causes = steps.entry((from, to, effects)).or_default();
                causes.insert(arrow.cause.clone());
            }
        }
        let mut alike: BTreeMap<_, BTreeSet<Option<&str>>> = BTreeMap::new();
        for ((from, to, effects), causes) in &steps {
            let words = words(causes, heard.get(from));
            alike
                .entry((*to, effects.clone(), words))
                .or_default()
                .insert(*from);
        }
        let begun = heard.keys().filter(|from| from.is_some()).count();
        let mut merged = vec![];
        for ((to, effects, causes), froms) in alike {
            let every = froms.len() == begun && begun > 2 && !froms.contains(&None);
            let froms = if every { BTreeSet::from([None]) } else { froms };
            for from in froms {
                let from = match from {
                    _ if every => From::Any,
                    Some(state) => From::State(state.to_owned()),
                    None => From::Begin,
                };
                let (causes, effects, to) = (causes.clone(), effects.clone(), to.to_owned());
                merged.push(Step {
                    from,
                    causes,
                    effects,
                    to,
                });
            }
        }
        merged.sort_by_key(|step| {
            let from = match &step.from {
                From::State(state) => (1, self.rank(state)),
                From::Begin => (0, 0),
                From::Any => (2, 0),
            };
            (
                from,
                if step.to == STAYS {
                    0
                } else {
                    1 + self.rank(&step.to)
                },
            )
        });
        merged
    }

    fn is_last(&self, name: &str, arrows: &BTreeSet<Arrow>) -> bool {
        let mut from = arrows
            .iter()
            .filter(|arrow| self.name(&arrow.from) == Some(name));
        from.all(|arrow| self.name(&arrow.to) == Some(name))
    }
}

/// Where a step leads that leads nowhere.
const STAYS: &str = "stays";

fn line(from: &str, to: &str, causes: &str, effects: &[&str]) -> String {
    let causes = causes.replace("<br>", "<br/>");
    let effects = match effects {
        [] => String::new(),
        effects => format!("/ {}", effects.join(", ")),
    };
    let label = Vec::from_iter(
        [causes, effects]
            .into_iter()
            .filter(|words| !words.is_empty()),
    );
    match label.join("<br/>") {
        none if none.is_empty() => format!("{from} --> {to}"),
        label => format!("{from} --> {to}: {label}"),
    }
}

/// The causes in few words: where every way to end that an answer has is among
/// them, it is named alone; so is each class of them.
fn words(causes: &Causes, heard: Option<&Causes>) -> String {
    let mut steps: BTreeMap<&str, BTreeMap<&str, BTreeSet<&str>>> = BTreeMap::new();
    for Cause {
        step,
        class,
        detail,
    } in causes
    {
        steps
            .entry(step)
            .or_default()
            .entry(class)
            .or_default()
            .insert(detail);
    }
    let heard: Causes = heard.cloned().unwrap_or_default();
    let others: Vec<&Cause> = heard.difference(causes).collect();
    let words = steps.iter().map(|(step, classes)| {
        let timed = *step == "elapsed";
        if !timed && others.iter().all(|cause| cause.step != *step) {
            return (*step).to_owned();
        }
        let classes = classes.iter().map(|(class, given)| {
            let missing: BTreeSet<&str> = others
                .iter()
                .filter(|cause| cause.step == *step && cause.class == *class)
                .map(|cause| cause.detail.as_str())
                .collect();
            let list =
                |details: &BTreeSet<&str>| Vec::from_iter(details.iter().copied()).join(" or ");
            match missing.len() {
                _ if timed => list(given),
                0 => (*class).to_owned(),
                few if few < given.len() => format!("{class} but not {}", list(&missing)),
                _ => format!("{class} {}", list(given)),
            }
        });
        format!("{step} ({})", Vec::from_iter(classes).join(", "))
    });
    Vec::from_iter(words).join("<br>")
}

//! Visits every world that can be reached, breadth first, each once; then looks
//! back from the good ends at who can reach them.

use std::collections::VecDeque;
use std::collections::hash_map::{Entry, HashMap};
use std::time::Instant;

use super::Setting;
use super::page::Digest;
use super::pages::Pages;
use super::world::{Move, World};

/// A space that has more is taken for one without an end.
const MOST_STATES: usize = 20_000_000;

/// What a walk has seen, and the first thing that was wrong.
pub(super) struct Seen {
    pub(super) states: usize,
    pub(super) steps: usize,
    /// States of a page by itself.
    pub(super) pages: usize,
    pub(super) depth: u32,
    pub(super) paid: usize,
    pub(super) seconds: f32,
    pub(super) fault: Option<Wrong>,
}

pub(super) struct Wrong {
    pub(super) what: &'static str,
    pub(super) way: Vec<Move>,
}

#[derive(Clone, Copy)]
struct Place {
    from: u32,
    by: Option<Move>,
    depth: u32,
    paid: bool,
    rests: bool,
    hopes: bool,
}

#[derive(Default)]
struct Walk {
    pages: Pages,
    places: Vec<Place>,
    known: HashMap<u128, u32>,
    ways: Vec<(u32, u32)>,
    queue: VecDeque<(u32, World)>,
}

/// Walks until nothing new is reached, or something is wrong.
pub(super) fn walk(setting: &Setting) -> Seen {
    let begun = Instant::now();
    let mut walk = Walk::default();
    let mut steps = 0;
    let fault = walk.all(setting, &mut steps).or_else(|| walk.hopeless());
    Seen {
        states: walk.places.len(),
        steps,
        pages: walk.pages.len(),
        depth: walk.places.last().map_or(0, |place| place.depth),
        paid: walk.places.iter().filter(|place| place.paid).count(),
        seconds: begun.elapsed().as_secs_f32(),
        fault,
    }
}

impl Walk {
    fn all(&mut self, setting: &Setting, steps: &mut usize) -> Option<Wrong> {
        let world = World::new(setting, &mut self.pages);
        self.reach(world, 0, None, setting);
        let mut moves = vec![];
        while let Some((from, world)) = self.queue.pop_front() {
            if self.places.len() > MOST_STATES {
                return Some(self.wrong("there is no end to it", from, None));
            }
            world.moves(&self.pages, setting, &mut moves);
            for step in moves.drain(..) {
                let mut next = world;
                *steps += 1;
                if let Some(what) = next.step(step, &mut self.pages, setting) {
                    return Some(self.wrong(what, from, Some(step)));
                }
                let to = self.reach(next, from, Some(step), setting);
                if to != from {
                    self.ways.push((from, to));
                }
            }
        }
        None
    }

    fn reach(&mut self, world: World, from: u32, by: Option<Move>, setting: &Setting) -> u32 {
        let number = u32::try_from(self.places.len()).expect("fewer than four milliards");
        match self.known.entry(Digest::of(world)) {
            Entry::Occupied(known) => return *known.get(),
            Entry::Vacant(place) => place.insert(number),
        };
        let depth = match by {
            Some(_) => self.places[from as usize].depth + 1,
            None => 0,
        };
        self.places.push(Place {
            from,
            by,
            depth,
            paid: world.says_paid(&self.pages, setting),
            rests: world.rests(&self.pages, setting),
            hopes: world.hopes(&self.pages, setting),
        });
        self.queue.push_back((number, world));
        number
    }

    /// A place from which all ways lead round in circles, or from which paying
    /// should be possible and is not.
    fn hopeless(&mut self) -> Option<Wrong> {
        self.ways.sort_unstable_by_key(|(_, to)| *to);
        let at_rest = self.leads_to(|place| place.paid || place.rests);
        let to_paid = self.leads_to(|place| place.paid);
        let stuck = |place: usize| !at_rest[place];
        let barred = |place: usize| self.places[place].hopes && !to_paid[place];
        let found = (0..self.places.len()).find_map(|place| match () {
            () if stuck(place) => Some((place, "from here nothing comes to an end")),
            () if barred(place) => Some((place, "from here nobody can pay any more")),
            () => None,
        });
        let (place, what) = found?;
        let place = u32::try_from(place).expect("fewer than four milliards");
        Some(self.wrong(what, place, None))
    }

    /// The places from which some way leads to a good one.
    fn leads_to(&self, good: impl Fn(&Place) -> bool) -> Vec<bool> {
        let ways = &self.ways;
        let mut leads: Vec<bool> = self.places.iter().map(good).collect();
        let mut queue: Vec<usize> = (0..leads.len()).filter(|place| leads[*place]).collect();
        while let Some(to) = queue.pop() {
            let first = ways.partition_point(|way| (way.1 as usize) < to);
            for (from, _) in ways[first..].iter().take_while(|way| way.1 as usize == to) {
                if !std::mem::replace(&mut leads[*from as usize], true) {
                    queue.push(*from as usize);
                }
            }
        }
        leads
    }

    fn wrong(&self, what: &'static str, at: u32, then: Option<Move>) -> Wrong {
        let mut way: Vec<Move> = then.into_iter().collect();
        let mut place = self.places[at as usize];
        while let Some(by) = place.by {
            way.push(by);
            place = self.places[place.from as usize];
        }
        way.reverse();
        Wrong { what, way }
    }
}

//! Texts that an automaton accepts and that have a feature, the shortest first.

use super::{CharSet, Language};
use std::collections::VecDeque;

/// Positions of the automaton times positions in the feature that are looked at.
const MAX_STATES: usize = 60_000;

/// Where a text must have another text in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holding<'t> {
    /// Anywhere.
    Part(&'t str),
    /// At its start.
    Prefix(&'t str),
}

impl Language {
    /// A shortest text that is accepted and has the feature; characters that are free are chosen to be easy on
    /// the eye. What a leading look-ahead excludes is not chosen.
    pub fn witness(&self, holding: Holding<'_>) -> Option<String> {
        let (wanted, prefix): (Vec<char>, bool) = match holding {
            Holding::Part(text) => (text.chars().collect(), false),
            Holding::Prefix(text) => (text.chars().collect(), true),
        };
        let width = wanted.len() + 1;
        let positions = self.classes().len();
        if positions.saturating_mul(width) > MAX_STATES {
            return None;
        }
        if wanted.is_empty() && self.accepts("") {
            return Some(String::new());
        }
        let failure = failure_table(&wanted);
        // For each state how it was entered: the state before, and the character.
        let mut entered: Vec<Option<(usize, char)>> = vec![None; positions * width];
        let mut queue = VecDeque::new();
        let start = usize::MAX;
        let mut enter = |position: u32, matched: usize, from: usize, queue: &mut VecDeque<usize>| {
            let class = &self.classes()[position as usize];
            let needed = wanted.get(matched).copied();
            let free = if prefix && needed.is_some() { None } else { pleasant(class) };
            for c in needed.filter(|c| class.contains(*c)).into_iter().chain(free) {
                let next =
                    if prefix && matched == wanted.len() { matched } else { advance(&wanted, &failure, matched, c) };
                let state = position as usize * width + next;
                if entered[state].is_none() {
                    entered[state] = Some((from, c));
                    queue.push_back(state);
                }
            }
        };
        for &p in self.first() {
            enter(p, 0, start, &mut queue);
        }
        let mut found = None;
        while let Some(state) = queue.pop_front() {
            let (position, matched) = (state / width, state % width);
            if matched == wanted.len() && self.last()[position] {
                found = Some(state);
                break;
            }
            for &next in &self.follow()[position] {
                enter(next, matched, state, &mut queue);
            }
        }
        let mut text = Vec::new();
        let mut at = found?;
        while at != start {
            let (before, c) = entered[at]?;
            text.push(c);
            at = before;
        }
        let text: String = text.into_iter().rev().collect();
        self.accepts(&text).then_some(text)
    }
}

/// How much of `wanted` is matched when `c` follows on `matched` characters of it.
fn advance(wanted: &[char], failure: &[usize], mut matched: usize, c: char) -> usize {
    if matched == wanted.len() {
        return matched;
    }
    loop {
        if wanted[matched] == c {
            return matched + 1;
        }
        if matched == 0 {
            return 0;
        }
        matched = failure[matched - 1];
    }
}

/// The table of Knuth, Morris and Pratt.
fn failure_table(wanted: &[char]) -> Vec<usize> {
    let mut table = vec![0; wanted.len()];
    let mut k = 0;
    for i in 1..wanted.len() {
        while k > 0 && wanted[i] != wanted[k] {
            k = table[k - 1];
        }
        if wanted[i] == wanted[k] {
            k += 1;
        }
        table[i] = k;
    }
    table
}

/// A character of a set that reads well.
fn pleasant(set: &CharSet) -> Option<char> {
    "axX01-_./:"
        .chars()
        .find(|c| set.contains(*c))
        .or_else(|| (' '..='~').find(|c| set.contains(*c)))
        .or_else(|| set.samples().next())
}

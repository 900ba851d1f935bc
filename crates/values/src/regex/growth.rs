//! How the work of a match grows with the text.
//!
//! - An *attack* is a family of texts: a prefix, words that are repeated, and a suffix that makes the match fail, so that all
//!   ways are tried.
//! - A *replay* runs the [machine](super::machine) over an attack with growing numbers of repetitions. An expression counts as
//!   slow for nothing but growth that was seen in the steps of a replay: what the automaton says is only where to look.
//!
//! The automaton gives the words (see [`ambiguity`](super::ambiguity)); for the suffix, characters are tried
//! on which no way goes on, then the end of the text, then others.

use super::ambiguity::{Suspicion, other_words, suspicions};
use super::automaton::Automaton;
use super::machine::{Outcome, Run, run};
use super::program::Program;
use super::{Flags, ParseError, Regex, parse_certain};

/// Steps of one replay.
const BUDGET: u64 = 600_000;
/// Steps of all replays for one expression.
const BUDGET_IN_ALL: u64 = 4_000_000;
/// Steps that are left at least for words that do without some letters.
const BUDGET_FOR_OTHERS: u64 = 1_000_000;
/// Suffixes that are tried for one word.
const MAX_SUFFIXES: usize = 8;
/// Repetitions of a word up to which the work should double with each.
const FEW: u32 = 24;
/// Repetitions of a word that should multiply the work when they double.
const MANY: [u32; 14] = [4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 512];
/// The highest power that is told from others.
const MAX_DEGREE: u32 = 20;

/// How work grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Growth {
    /// With a power of the text's length.
    Polynomial(u32),
    /// With a power whose exponent is the text's length.
    Exponential,
}

/// A family of texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attack {
    /// What the text begins with.
    pub prefix: String,
    /// Words to repeat, each with what follows on it.
    pub pumps: Vec<(String, String)>,
    /// What the text ends with.
    pub suffix: String,
}

impl Attack {
    /// The text with each word repeated so many times.
    pub fn text(&self, repetitions: u32) -> String {
        let mut out = self.prefix.clone();
        for (word, between) in &self.pumps {
            for _ in 0..repetitions {
                out.push_str(word);
            }
            out.push_str(between);
        }
        out.push_str(&self.suffix);
        out
    }
}

/// A part of an expression that shares in the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The search for a place to start.
    Start,
    /// The repetition that stands between these characters.
    Repeat(u32, u32),
}

/// A slow expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Slow {
    /// How the work grows.
    pub growth: Growth,
    /// The text that shows it.
    pub attack: Attack,
    /// What takes part.
    pub parts: Vec<Part>,
    /// What was seen: steps by number of repetitions.
    pub steps: Vec<(u32, u64)>,
}

/// What is known of the work of an expression.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cost {
    /// Set when it grows faster than the text.
    pub slow: Option<Slow>,
    /// Why more may be slow than was found: parts of the expression that could not be modelled.
    pub gaps: Vec<&'static str>,
}

impl Regex {
    /// Runs the expression over a text and counts the steps; `None` where it holds something unknown or Python
    /// refuses it.
    pub fn replay(&self, how: Run, text: &str, budget: u64) -> Option<Outcome> {
        let text: Vec<char> = text.chars().collect();
        Some(run(&Program::new(self)?, how, &text, budget))
    }
}

/// How the work of an expression grows when it is run in one way.
///
/// # Errors
/// When the expression cannot be parsed.
pub fn cost(pattern: &str, flags: Flags, how: Run) -> Result<Cost, ParseError> {
    let regex = parse_certain(pattern, flags)?;
    let Some(automaton) = Automaton::new(&regex, matches!(how, Run::Search | Run::All)) else {
        return Ok(Cost { slow: None, gaps: vec!["the expression is too large"] });
    };
    let mut gaps = automaton.gaps.clone();
    let found = suspicions(&automaton);
    if found.cut {
        gaps.push("loops that are too large");
    }
    let mut slow = None;
    if !found.found.is_empty() {
        if let Some(program) = Program::new(&regex) {
            let mut replay = Replay { program: &program, automaton: &automaton, how, left: BUDGET_IN_ALL };
            slow = found.found.iter().find_map(|suspicion| replay.confirm(suspicion));
            let exponential = slow.as_ref().is_some_and(|slow| slow.growth == Growth::Exponential);
            if !exponential && (slow.is_none() || found.found.iter().any(|s| s.exponential)) {
                replay.left = replay.left.max(BUDGET_FOR_OTHERS);
                let others = other_words(&automaton, &found.found).found;
                let confirmed: Vec<Slow> = others.iter().filter_map(|suspicion| replay.confirm(suspicion)).collect();
                slow = slow.into_iter().chain(confirmed).reduce(|a, b| if b.growth > a.growth { b } else { a });
            }
        } else {
            gaps.push("an expression that cannot be replayed");
        }
    }
    Ok(Cost { slow, gaps })
}

struct Replay<'a> {
    program: &'a Program,
    automaton: &'a Automaton,
    how: Run,
    left: u64,
}

impl Replay<'_> {
    fn confirm(&mut self, suspicion: &Suspicion) -> Option<Slow> {
        self.confirm_behind(suspicion, &suspicion.prefix).or_else(|| {
            // What is anchored at the start may take the words for itself: something else goes before them.
            let search = self.automaton.searches && suspicion.prefix.is_empty();
            let other =
                search.then(|| self.automaton.letters.iter().find(|c| c.is_ascii() && self.begins_nothing(**c)))??;
            self.confirm_behind(suspicion, &[*other])
        })
    }

    /// Whether no match starts with a character.
    fn begins_nothing(&self, c: char) -> bool {
        self.allowed(self.automaton.first.iter().map(|e| e.to).filter(|p| *p != 0).collect(), c).is_empty()
    }

    fn confirm_behind(&mut self, suspicion: &Suspicion, prefix: &[char]) -> Option<Slow> {
        for suffix in self.suffixes(suspicion) {
            let text = |word: &[char]| word.iter().collect::<String>();
            let attack = Attack {
                prefix: text(prefix),
                pumps: suspicion.pumps.iter().map(|(word, between)| (text(word), text(between))).collect(),
                suffix,
            };
            let seen = if suspicion.exponential { self.exponential(&attack) } else { None };
            if let Some((growth, steps)) = seen.or_else(|| self.polynomial(&attack)) {
                return Some(Slow { growth, attack, parts: self.parts(suspicion), steps });
            }
        }
        None
    }

    fn parts(&self, suspicion: &Suspicion) -> Vec<Part> {
        let mut out = Vec::new();
        for p in &suspicion.positions {
            let part = match self.automaton.positions[*p as usize].repeat {
                Some((start, end)) => Part::Repeat(start, end),
                None => Part::Start,
            };
            if !out.contains(&part) {
                out.push(part);
            }
        }
        out
    }

    /// The steps for a number of repetitions; `None` when they run out.
    fn steps(&mut self, attack: &Attack, repetitions: u32) -> Option<u64> {
        let text: Vec<char> = attack.text(repetitions).chars().collect();
        let budget = BUDGET.min(self.left);
        let outcome = run(self.program, self.how, &text, budget);
        self.left -= outcome.steps.min(self.left);
        outcome.finished.then_some(outcome.steps)
    }

    /// Work that grows by a factor with each repetition: by 7/4 at least in the end, and by no less than 4/5 of the factor
    /// before. The factors of a power go down to 1.
    fn exponential(&mut self, attack: &Attack) -> Option<(Growth, Vec<(u32, u64)>)> {
        let mut seen: Vec<(u32, u64)> = Vec::new();
        for n in 1..=FEW {
            let Some(steps) = self.steps(attack, n) else { break };
            seen.push((n, steps));
            // What has not begun to grow by then will not.
            if let [.., (_, a), (10, b)] = seen[..]
                && b * 5 < a * 6
            {
                return None;
            }
        }
        let [_, .., (_, a), (_, b), (_, c)] = seen[..] else { return None };
        let grows = |a: u64, b: u64| b * 4 >= a * 7;
        let steady = u128::from(c) * u128::from(a) * 5 >= u128::from(b) * u128::from(b) * 4;
        (grows(a, b) && grows(b, c) && steady).then(|| (Growth::Exponential, last_few(seen)))
    }

    /// Work that grows by a power of 2, more than the first, when the repetitions double.
    fn polynomial(&mut self, attack: &Attack) -> Option<(Growth, Vec<(u32, u64)>)> {
        let mut seen: Vec<(u32, u64)> = Vec::new();
        for n in MANY {
            let Some(steps) = self.steps(attack, n) else { break };
            seen.push((n, steps));
            // What has not begun to grow by then will not.
            if n == 64 && !reaches(doubled(&seen)?, 6, 5) {
                return None;
            }
        }
        let last = doubled(&seen)?;
        let before = doubled(&seen[..seen.len() - 1])?;
        // Half a power below counts: terms of lower powers are there, too.
        let degree = (1..MAX_DEGREE).take_while(|d| reaches(last, 2 * d - 1, 2)).last()?;
        (degree > 1 && reaches(before, 6, 5)).then(|| (Growth::Polynomial(degree), last_few(seen)))
    }

    /// Texts for the end, those first on which no way goes on.
    fn suffixes(&self, suspicion: &Suspicion) -> Vec<String> {
        let mut states: Vec<u32> = Vec::new();
        let mut begun = false;
        let mut read = |c: char, states: &mut Vec<u32>| {
            let from_start = self.automaton.first.iter().map(|e| e.to);
            *states = if begun { self.after(states.iter().copied(), c) } else { self.allowed(from_start.collect(), c) };
            begun = true;
        };
        for c in &suspicion.prefix {
            read(*c, &mut states);
        }
        for (word, between) in &suspicion.pumps {
            for _ in 0..3 {
                for c in word {
                    read(*c, &mut states);
                }
            }
            for c in between {
                read(*c, &mut states);
            }
        }
        let states: Vec<u32> = states.into_iter().filter(|p| !self.automaton.searches || *p != 0).collect();
        let mut dead = Vec::new();
        let mut alive = Vec::new();
        // A line break last: `$` may match before it.
        // Whether a character beyond ASCII is of `\w` or `\S` is not held: it may go on where none seems to.
        let letters = self.automaton.letters.iter().copied().filter(char::is_ascii);
        for c in letters.clone().filter(|c| *c != '\n').chain(letters.filter(|c| *c == '\n')) {
            let list = if self.after(states.iter().copied(), c).is_empty() { &mut dead } else { &mut alive };
            list.push(c);
        }
        let text = |c: char| c.to_string();
        let mut out: Vec<String> = dead.iter().take(2).copied().map(text).collect();
        out.push(String::new());
        if dead.contains(&'\n') && !out.iter().any(|s| s == "\n") {
            out.push("\n".to_owned());
        }
        if let Some(c) = dead.first() {
            out.push(format!("{c}\n"));
        }
        out.extend(alive.into_iter().map(text));
        out.truncate(MAX_SUFFIXES);
        out
    }

    fn after(&self, states: impl Iterator<Item = u32>, c: char) -> Vec<u32> {
        let mut next: Vec<u32> = states.flat_map(|p| self.automaton.edges[p as usize].iter().map(|e| e.to)).collect();
        next.sort_unstable();
        next.dedup();
        self.allowed(next, c)
    }

    fn allowed(&self, mut states: Vec<u32>, c: char) -> Vec<u32> {
        let letter = self.automaton.letters.iter().position(|l| *l == c);
        states.retain(|p| {
            letter.is_some_and(|i| self.automaton.positions[*p as usize].letters[i / 64] & (1 << (i % 64)) != 0)
        });
        states
    }
}

/// The last samples.
fn last_few(mut seen: Vec<(u32, u64)>) -> Vec<(u32, u64)> {
    seen.split_off(seen.len().saturating_sub(4))
}

/// The steps of half the last number of repetitions, and those of the last one.
fn doubled(seen: &[(u32, u64)]) -> Option<(u64, u64)> {
    let (m, b) = seen.last()?;
    let (_, a) = seen.iter().rev().find(|(n, _)| n * 2 <= *m)?;
    Some((*a, *b))
}

/// Whether work grows by the power `num / den` of 2, at least.
fn reaches((a, b): (u64, u64), num: u32, den: u32) -> bool {
    let power = |x: u64| u128::from(x).checked_pow(den);
    let (Some(a), Some(b)) = (power(a), power(b)) else { return true };
    a.checked_mul(1 << num.min(64)).is_some_and(|a| b >= a)
}

//! A matcher that tries and goes back, and counts its steps.
//!
//! - A *step* is one instruction, or one character that an instruction looks at. The count is what CPython's `re` would
//!   take but for a factor: the machine tries the same ways in the same order and gives up the same ones.
//! - The *trail* is what to do when a way fails: other ways in the order of their trial, and registers to be
//!   restored between.
//! - A *bar* on the trail marks where a look-around or an atomic group began.

use super::program::{Inst, Program, UNBOUNDED};
use super::{Anchor, Taking};
use crate::guards::MatchMethod;

/// Entries of the trail.
const MAX_TRAIL: usize = 1 << 20;

/// How an expression is run over a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Run {
    /// From the start.
    Match,
    /// From the start to the end.
    FullMatch,
    /// At each place until one matches.
    Search,
    /// At each place, and on behind each match: `findall`, `sub`, `split`.
    All,
}

impl From<MatchMethod> for Run {
    fn from(method: MatchMethod) -> Self {
        match method {
            MatchMethod::Match => Self::Match,
            MatchMethod::Search => Self::Search,
            MatchMethod::FullMatch => Self::FullMatch,
        }
    }
}

/// What a run came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The first match: its start and its end, in characters. `None` when there is none, or steps ran out.
    pub found: Option<(usize, usize)>,
    /// The steps taken.
    pub steps: u64,
    /// Whether it ended by itself.
    pub finished: bool,
}

const NOWHERE: usize = usize::MAX;

enum Entry {
    /// Another way.
    Way { place: u32, at: usize },
    /// One character less.
    Fewer { place: u32, low: usize, at: usize },
    /// One character more.
    More { place: u32, set: u32, at: usize, left: u32 },
    /// A register as it was.
    Register { register: u32, old: usize },
    /// The start of an atomic group.
    Atomic,
    /// The start of a look-around, with where and what it goes on with.
    Look { negative: bool, after: u32, at: usize },
}

/// Runs a program over a text, for at most so many steps.
pub(super) fn run(program: &Program, run: Run, text: &[char], budget: u64) -> Outcome {
    let registers = vec![NOWHERE; program.registers];
    let mut machine =
        Machine { program, text, full: run == Run::FullMatch, registers, trail: Vec::new(), steps: 0, budget };
    let mut found = None;
    let mut start = 0;
    let finished = loop {
        machine.trail.clear();
        machine.registers.fill(NOWHERE);
        let end = match machine.attempt(start) {
            Attempt::Ended(end) => Some(end),
            Attempt::Failed => None,
            Attempt::Tired => break false,
        };
        if found.is_none() {
            found = end.map(|end| (start, end));
        }
        match (run, end) {
            (Run::Match | Run::FullMatch, _) | (Run::Search, Some(_)) => break true,
            (Run::All, Some(end)) if end > start => start = end,
            _ => start += 1,
        }
        if start > text.len() {
            break true;
        }
        machine.steps += 1;
    };
    Outcome { found: found.filter(|_| finished), steps: machine.steps, finished }
}

/// What came of starting at one place.
enum Attempt {
    /// A match that ends here.
    Ended(usize),
    /// No match.
    Failed,
    /// Steps ran out.
    Tired,
}

struct Machine<'p> {
    program: &'p Program,
    text: &'p [char],
    full: bool,
    registers: Vec<usize>,
    trail: Vec<Entry>,
    steps: u64,
    budget: u64,
}

impl Machine<'_> {
    fn is_in(&self, set: u32, at: usize) -> bool {
        self.text.get(at).is_some_and(|c| self.program.sets[set as usize].contains(*c))
    }

    fn write(&mut self, register: u32, value: usize) {
        let old = std::mem::replace(&mut self.registers[register as usize], value);
        if old != value {
            self.trail.push(Entry::Register { register, old });
        }
    }

    /// A match that starts here.
    fn attempt(&mut self, start: usize) -> Attempt {
        let mut at = start;
        let mut place = 0_usize;
        loop {
            self.steps += 1;
            if self.steps > self.budget || self.trail.len() > MAX_TRAIL {
                return Attempt::Tired;
            }
            let mut next = place + 1;
            let ok = match &self.program.insts[place] {
                Inst::Set(set) => {
                    let hit = self.is_in(*set, at);
                    at += usize::from(hit);
                    hit
                }
                Inst::Anchor(anchor) => holds(self.text, *anchor, at),
                Inst::Split(other) => {
                    self.trail.push(Entry::Way { place: *other, at });
                    true
                }
                Inst::Jump(to) => {
                    next = *to as usize;
                    true
                }
                Inst::Save(register) => {
                    self.write(*register, at);
                    true
                }
                Inst::Many { set, min, max, taking } => self.many(*set, *min, *max, *taking, next, &mut at),
                Inst::LoopStart { register, end } => {
                    // The end adds one.
                    self.write(*register, NOWHERE);
                    self.write(register + 1, NOWHERE);
                    next = *end as usize;
                    true
                }
                Inst::LoopEnd { register, min, max, lazy, body } => {
                    let count = self.registers[*register as usize].wrapping_add(1);
                    self.write(*register, count);
                    let may_go_on =
                        (*max == UNBOUNDED || count < *max as usize) && self.registers[*register as usize + 1] != at;
                    if count < *min as usize {
                        next = *body as usize;
                    } else if *lazy {
                        // Behind the jump out stands one more iteration.
                        self.trail.push(Entry::Way { place: place as u32 + 2, at });
                    } else if may_go_on {
                        self.trail.push(Entry::Way { place: next as u32, at });
                        self.write(register + 1, at);
                        next = *body as usize;
                    }
                    true
                }
                Inst::LoopMore { register, max, body } => {
                    let count = self.registers[*register as usize];
                    let more =
                        (*max == UNBOUNDED || count < *max as usize) && self.registers[*register as usize + 1] != at;
                    if more {
                        self.write(register + 1, at);
                        next = *body as usize;
                    }
                    more
                }
                Inst::AtomicStart => {
                    self.trail.push(Entry::Atomic);
                    true
                }
                Inst::AtomicEnd => {
                    self.close();
                    true
                }
                Inst::LookStart { negative, back, after } => {
                    if let Some(from) = at.checked_sub(*back as usize) {
                        self.trail.push(Entry::Look { negative: *negative, after: *after, at });
                        at = from;
                        true
                    } else {
                        next = *after as usize;
                        *negative
                    }
                }
                Inst::LookEnd => match self.close() {
                    Some((false, after, from)) => {
                        at = from;
                        next = after as usize;
                        true
                    }
                    _ => false,
                },
                Inst::BackReference(group) => {
                    let slot = |i: u32| self.registers.get((group * 2 + i) as usize).copied().unwrap_or(NOWHERE);
                    match (slot(0), slot(1)) {
                        (from, to) if from <= to && to <= self.text.len() => {
                            let len = to - from;
                            let hit = self.text.get(at..at + len).is_some_and(|part| *part == self.text[from..to]);
                            self.steps += len as u64;
                            at += if hit { len } else { 0 };
                            hit
                        }
                        _ => false,
                    }
                }
                Inst::Condition(group, no) => {
                    let end = self.registers.get(*group as usize * 2 + 1);
                    if end.is_none_or(|e| *e == NOWHERE) {
                        next = *no as usize;
                    }
                    true
                }
                Inst::Accept => {
                    if !self.full || at == self.text.len() {
                        return Attempt::Ended(at);
                    }
                    false
                }
            };
            if ok {
                place = next;
                continue;
            }
            match self.back() {
                Some((to, from)) => {
                    place = to as usize;
                    at = from;
                }
                None => return Attempt::Failed,
            }
        }
    }

    /// A repetition of one character.
    fn many(&mut self, set: u32, min: u32, max: u32, taking: Taking, next: usize, at: &mut usize) -> bool {
        let room = self.text.len() - *at;
        let limit = if taking == Taking::Lazy { min } else { max };
        let limit = if limit == UNBOUNDED { room } else { room.min(limit as usize) };
        let mut count = 0;
        while count < limit && self.is_in(set, *at + count) {
            count += 1;
        }
        self.steps += count as u64;
        if count < min as usize {
            return false;
        }
        let low = *at + min as usize;
        *at += count;
        let place = next as u32;
        match taking {
            Taking::Greedy if *at > low => self.trail.push(Entry::Fewer { place, low, at: *at }),
            Taking::Lazy if max > min => {
                let left = if max == UNBOUNDED { UNBOUNDED } else { max - min };
                self.trail.push(Entry::More { place, set, at: *at, left });
            }
            _ => {}
        }
        true
    }

    /// The next way to try, with where in the text.
    fn back(&mut self) -> Option<(u32, usize)> {
        while let Some(entry) = self.trail.pop() {
            match entry {
                Entry::Way { place, at } => return Some((place, at)),
                Entry::Fewer { place, low, at } => {
                    let at = at - 1;
                    if at > low {
                        self.trail.push(Entry::Fewer { place, low, at });
                    }
                    return Some((place, at));
                }
                Entry::More { place, set, at, left } => {
                    self.steps += 1;
                    if left > 0 && self.is_in(set, at) {
                        let left = if left == UNBOUNDED { UNBOUNDED } else { left - 1 };
                        self.trail.push(Entry::More { place, set, at: at + 1, left });
                        return Some((place, at + 1));
                    }
                }
                Entry::Register { register, old } => self.registers[register as usize] = old,
                Entry::Atomic => {}
                Entry::Look { negative, after, at } => {
                    if negative {
                        return Some((after, at));
                    }
                }
            }
        }
        None
    }

    /// Ends what the last bar began. Of what succeeded only the registers are restored later; a negative look-around
    /// that succeeded is undone at once, and its bar is given back as one.
    fn close(&mut self) -> Option<(bool, u32, usize)> {
        let bar = self.trail.iter().rposition(|e| matches!(e, Entry::Atomic | Entry::Look { .. }))?;
        self.steps += (self.trail.len() - bar) as u64;
        let Entry::Look { negative, after, at } = self.trail[bar] else {
            self.keep_registers(bar);
            return None;
        };
        if negative {
            while self.trail.len() > bar {
                if let Some(Entry::Register { register, old }) = self.trail.pop() {
                    self.registers[register as usize] = old;
                }
            }
        } else {
            self.keep_registers(bar);
        }
        Some((negative, after, at))
    }

    /// Takes all from the bar on off the trail but the registers.
    fn keep_registers(&mut self, bar: usize) {
        let above = self.trail.split_off(bar);
        self.trail.extend(above.into_iter().filter(|entry| matches!(entry, Entry::Register { .. })));
    }
}

/// Whether a text has a place.
pub(super) fn holds(text: &[char], anchor: Anchor, at: usize) -> bool {
    let word = |i: Option<&char>| i.is_some_and(|c| c.is_alphanumeric() || *c == '_');
    let boundary = || word(at.checked_sub(1).and_then(|i| text.get(i))) != word(text.get(at));
    match anchor {
        Anchor::Start => at == 0,
        Anchor::LineStart => at == 0 || text[at - 1] == '\n',
        Anchor::End => at == text.len(),
        Anchor::Dollar => at == text.len() || at + 1 == text.len() && text[at] == '\n',
        Anchor::LineEnd => at == text.len() || text[at] == '\n',
        Anchor::WordBoundary => boundary(),
        Anchor::NoWordBoundary => !boundary(),
    }
}

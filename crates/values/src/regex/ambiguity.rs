//! Where an automaton can read one text in many ways.
//!
//! - A *loop* is a strongly connected component of positions with an edge inside it.
//! - An automaton is *exponentially* ambiguous when two different paths lead from a position back to itself over one word: the
//!   number of paths doubles with each repetition of that word.
//! - It is *polynomially* ambiguous when a word leads from a position `p` to itself, from `p` to a position `q` of another
//!   loop, and from `q` to itself: repetitions of the word can be split between the two loops at any place. Such a pair
//!   is a *link*. A chain of `d` links gives a number of paths that grows with the power `d`.
//!
//! The criteria are those of Weber and Seidl (1991) with the decision procedures of Allauzen, Mohri and Rastogi (2008): strongly
//! connected components of the product of the automaton with itself for the first, of the triple product with edges from
//! `(p, q, q)` back to `(p, p, q)` for the second. That a matcher which goes back
//! to try again takes steps in proportion to the number of paths over all beginnings of a text, one power more, is
//! the observation of Rathnayake and Thielecke (2014) and Weideman et al. (2016).

use super::automaton::{Automaton, Letters};
use assay_index::FxHashMap;
use std::collections::VecDeque;

/// Pairs of positions of one loop that are looked at.
const MAX_PAIRS: usize = 40_000;
/// Triples of positions that are looked at for two loops, and for all loops of an expression.
const MAX_TRIPLES: usize = 40_000;
const MAX_TRIPLES_IN_ALL: usize = 160_000;
/// Links between loops that are kept.
const MAX_LINKS: usize = 24;
/// Words of one loop that are tried.
const WORDS_PER_LOOP: usize = 3;
/// Words of an expression that are tried.
const MAX_SUSPICIONS: usize = 12;
/// Letters that are left out of words one after the other.
const MAX_REFUSED: usize = 4;

/// A word that an automaton can read in many ways.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Suspicion {
    /// What leads to the first loop.
    pub(super) prefix: Vec<char>,
    /// Words to repeat, each with what leads on to the next loop.
    pub(super) pumps: Vec<(Vec<char>, Vec<char>)>,
    /// Whether one loop alone reads its word in several ways.
    pub(super) exponential: bool,
    /// The positions whose loops take part.
    pub(super) positions: Vec<u32>,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub(super) struct Suspicions {
    /// The words, the worst first.
    pub(super) found: Vec<Suspicion>,
    /// Whether loops were too large to be looked at.
    pub(super) cut: bool,
}

/// All words that are worth a trial.
pub(super) fn suspicions(automaton: &Automaton) -> Suspicions {
    suspicions_without(automaton, &Letters::default())
}

/// Words that do without a letter of those that were found, one letter after the other. What stands behind a loop may begin with a letter
/// of its word, so that each match of a repeated word succeeds at once; a word without that letter shows what happens otherwise.
pub(super) fn other_words(automaton: &Automaton, found: &[Suspicion]) -> Suspicions {
    let mut letters: Vec<usize> = Vec::new();
    for c in found.iter().flat_map(|s| &s.pumps).flat_map(|(word, _)| word) {
        if let Some(i) = automaton.letters.iter().position(|l| l == c)
            && !letters.contains(&i)
        {
            letters.push(i);
        }
    }
    let exponential = found.iter().any(|s| s.exponential);
    let mut out = Suspicions::default();
    for i in letters.into_iter().take(MAX_REFUSED) {
        let mut refused = Letters::default();
        refused[i / 64] |= 1 << (i % 64);
        let others = suspicions_without(automaton, &refused);
        out.found.extend(others.found.into_iter().filter(|s| s.exponential == exponential && !found.contains(s)));
        out.cut |= others.cut;
    }
    out.found.truncate(MAX_SUSPICIONS);
    out
}

/// All words of other letters that are worth a trial.
fn suspicions_without(automaton: &Automaton, refused: &Letters) -> Suspicions {
    let n = automaton.positions.len();
    let components = components(n, 0..n, |p, out| {
        out.extend(automaton.edges[p].iter().map(|e| e.to as usize));
    });
    let count = components.iter().max().map_or(0, |m| *m as usize + 1);
    let mut members: Vec<Vec<u32>> = vec![Vec::new(); count];
    for (p, c) in components.iter().enumerate() {
        members[*c as usize].push(p as u32);
    }
    let is_loop = |list: &Vec<u32>| {
        list.iter()
            .any(|p| automaton.edges[*p as usize].iter().any(|e| components[e.to as usize] == components[*p as usize]))
    };
    let mut search = Search { automaton, components: &components, refused, out: Suspicions::default(), triples: 0 };
    let mut loops: Vec<&Vec<u32>> = members.iter().filter(|list| is_loop(list)).collect();
    loops.sort_by_key(|list| list.first().copied());
    for list in &loops {
        search.exponential(list);
    }
    let mut links = Vec::new();
    for from in &loops {
        for to in &loops {
            if components[from[0] as usize] != components[to[0] as usize] && links.len() < MAX_LINKS {
                search.link(from, to, &mut links);
            }
        }
    }
    search.chains(&links);
    search.out.found.truncate(MAX_SUSPICIONS);
    search.out
}

struct Link {
    from: u32,
    to: u32,
    word: Vec<char>,
}

struct Search<'a> {
    automaton: &'a Automaton,
    components: &'a [u32],
    /// Letters that words do without.
    refused: &'a Letters,
    out: Suspicions,
    triples: usize,
}

impl Search<'_> {
    fn next(&self, p: u32) -> impl Iterator<Item = u32> + '_ {
        self.automaton.edges[p as usize].iter().map(|e| e.to)
    }

    fn within(&self, p: u32) -> impl Iterator<Item = u32> + '_ {
        let component = self.components[p as usize];
        self.next(p).filter(move |q| self.components[*q as usize] == component)
    }

    fn letter(&self, index: Option<usize>) -> char {
        index.and_then(|i| self.automaton.letters.get(i)).copied().unwrap_or('a')
    }

    /// A letter that leads to a position; one of the refused ones only where there is no other.
    fn read(&self, p: u32) -> char {
        self.letter(self.common(p, p).or_else(|| self.automaton.common(p, p, &Letters::default())))
    }

    fn common(&self, a: u32, b: u32) -> Option<usize> {
        self.automaton.common(a, b, self.refused)
    }

    /// A shortest word that leads from one position to another; empty when they are the same.
    fn path(&self, from: u32, to: u32) -> Option<Vec<char>> {
        if from == to {
            return Some(Vec::new());
        }
        self.path_from(self.next(from).collect(), to)
    }

    /// A shortest word from the start.
    fn prefix(&self, to: u32) -> Option<Vec<char>> {
        if self.automaton.searches && to == 0 {
            return Some(Vec::new());
        }
        self.path_from(self.automaton.first.iter().map(|e| e.to).collect(), to)
    }

    fn path_from(&self, starts: Vec<u32>, to: u32) -> Option<Vec<char>> {
        let mut came: Vec<Option<u32>> = vec![None; self.automaton.positions.len()];
        let mut queue = VecDeque::new();
        // The search for a start comes last: what begins without it reads better.
        for p in starts.into_iter().filter(|p| !self.automaton.searches || *p != 0) {
            if came[p as usize].is_none() {
                came[p as usize] = Some(p);
                queue.push_back(p);
            }
        }
        while let Some(p) = queue.pop_front() {
            if p == to {
                let mut word = vec![self.read(p)];
                let mut at = p;
                while let Some(before) = came[at as usize].filter(|b| *b != at) {
                    at = before;
                    word.push(self.read(at));
                }
                word.reverse();
                return Some(word);
            }
            for q in self.next(p) {
                if came[q as usize].is_none() {
                    came[q as usize] = Some(p);
                    queue.push_back(q);
                }
            }
        }
        None
    }

    fn exponential(&mut self, list: &[u32]) {
        let mut words: Vec<(u32, Vec<char>)> = Vec::new();
        for p in list {
            for edge in &self.automaton.edges[*p as usize] {
                if edge.several
                    && self.components[edge.to as usize] == self.components[*p as usize]
                    && words.len() < WORDS_PER_LOOP
                {
                    let mut word = vec![self.read(edge.to)];
                    if let Some(back) = self.path(edge.to, *p) {
                        word.extend(back);
                        words.push((*p, word));
                    }
                }
            }
        }
        if words.is_empty() {
            self.diverging(list, &mut words);
        }
        for (p, word) in words {
            if let Some(prefix) = self.prefix(p) {
                let positions = vec![p];
                self.out.found.push(Suspicion {
                    prefix,
                    pumps: vec![(word, Vec::new())],
                    exponential: true,
                    positions,
                });
            }
        }
    }

    /// Words over which two different paths lead from a position back to itself.
    fn diverging(&mut self, list: &[u32], words: &mut Vec<(u32, Vec<char>)>) {
        let m = list.len();
        if m < 2 {
            return;
        }
        if m * m > MAX_PAIRS {
            self.out.cut = true;
            return;
        }
        let index: FxHashMap<u32, usize> = list.iter().enumerate().map(|(i, p)| (*p, i)).collect();
        let follow: Vec<Vec<usize>> =
            list.iter().map(|p| self.within(*p).filter_map(|q| index.get(&q).copied()).collect()).collect();
        let step = |node: usize, out: &mut Vec<usize>| {
            let (i, j) = (node / m, node % m);
            for a in &follow[i] {
                for b in &follow[j] {
                    if self.common(list[*a], list[*b]).is_some() {
                        out.push(a * m + b);
                    }
                }
            }
        };
        let diagonal = (0..m).map(|i| i * m + i);
        let parts = components(m * m, diagonal.clone(), step);
        let home = parts[0];
        let mut queue: VecDeque<usize> = diagonal.clone().collect();
        let mut came: Vec<usize> = vec![usize::MAX; m * m];
        for d in diagonal {
            came[d] = d;
        }
        let mut out = Vec::new();
        while let Some(node) = queue.pop_front() {
            let (i, j) = (node / m, node % m);
            if i < j && parts[node] == home {
                let mut steps = vec![node];
                let mut at = node;
                while came[at] != at {
                    at = came[at];
                    steps.push(at);
                }
                steps.reverse();
                // On from the two positions to where they parted.
                if let Some(back) = walk(m * m, node, at, step) {
                    steps.extend(back.into_iter().skip(1));
                    let word =
                        steps.iter().skip(1).map(|s| self.letter(self.common(list[s / m], list[s % m]))).collect();
                    words.push((list[at / m], word));
                }
                if words.len() >= WORDS_PER_LOOP {
                    return;
                }
            }
            out.clear();
            step(node, &mut out);
            for next in &out {
                if came[*next] == usize::MAX {
                    came[*next] = node;
                    queue.push_back(*next);
                }
            }
        }
    }

    /// The links between two loops: at most one for each.
    fn link(&mut self, from: &[u32], to: &[u32], links: &mut Vec<Link>) {
        let count = self.automaton.positions.len();
        let ahead = self.reached(from, count, false);
        if to.iter().all(|q| !ahead[*q as usize]) {
            return;
        }
        let behind = self.reached(to, count, true);
        let middle: Vec<u32> = (0..count as u32).filter(|p| ahead[*p as usize] && behind[*p as usize]).collect();
        let (width, depth) = (middle.len(), to.len());
        let size = from.len() * width * depth;
        if size > MAX_TRIPLES || self.triples + size > MAX_TRIPLES_IN_ALL {
            self.out.cut = true;
            return;
        }
        self.triples += size;
        let places = |list: &[u32]| -> Vec<u32> {
            let mut out = vec![u32::MAX; count];
            for (i, p) in list.iter().enumerate() {
                out[*p as usize] = i as u32;
            }
            out
        };
        let (in_from, in_middle, in_to) = (places(from), places(&middle), places(to));
        let follow = |list: &[u32], place: &[u32]| -> Vec<Vec<usize>> {
            list.iter()
                .map(|p| {
                    self.next(*p)
                        .filter_map(|q| place.get(q as usize))
                        .filter(|i| **i != u32::MAX)
                        .map(|i| *i as usize)
                        .collect()
                })
                .collect()
        };
        let (next_from, next_middle, next_to) =
            (follow(from, &in_from), follow(&middle, &in_middle), follow(to, &in_to));
        let take_apart = |node: usize| (node / (width * depth), node / depth % width, node % depth);
        let step = |node: usize, out: &mut Vec<usize>| {
            let (x, y, z) = take_apart(node);
            for k in &next_to[z] {
                for i in &next_from[x] {
                    if self.common(from[*i], to[*k]).is_none() {
                        continue;
                    }
                    for j in &next_middle[y] {
                        if self.automaton.common3(from[*i], middle[*j], to[*k], self.refused).is_some() {
                            out.push((i * width + j) * depth + k);
                        }
                    }
                }
            }
        };
        let node = |x: usize, y: u32, z: usize| (x * width + y as usize) * depth + z;
        let pairs: Vec<(usize, usize)> = (0..from.len()).flat_map(|x| (0..depth).map(move |z| (x, z))).collect();
        let starts = pairs.iter().map(|(x, z)| node(*x, in_middle[from[*x] as usize], *z));
        let parts = components(size, starts, |at, out| {
            step(at, out);
            let (x, y, z) = take_apart(at);
            if middle[y] == to[z] {
                out.push(node(x, in_middle[from[x] as usize], z));
            }
        });
        for (x, z) in pairs {
            let start = node(x, in_middle[from[x] as usize], z);
            let end = node(x, in_middle[to[z] as usize], z);
            if parts[start] != parts[end] {
                continue;
            }
            if let Some(steps) = walk(size, start, end, step) {
                let word = steps.iter().skip(1).map(|s| {
                    let (i, j, k) = take_apart(*s);
                    self.letter(self.automaton.common3(from[i], middle[j], to[k], self.refused))
                });
                links.push(Link { from: from[x], to: to[z], word: word.collect() });
                return;
            }
        }
    }

    /// The positions that some of a list lead to, or that lead to them; those of the list included.
    fn reached(&self, list: &[u32], n: usize, backwards: bool) -> Vec<bool> {
        let mut seen = vec![false; n];
        let mut stack: Vec<u32> = list.to_vec();
        let mut before: Vec<Vec<u32>> = Vec::new();
        if backwards {
            before = vec![Vec::new(); n];
            for p in 0..n as u32 {
                for q in self.next(p) {
                    before[q as usize].push(p);
                }
            }
        }
        while let Some(p) = stack.pop() {
            if std::mem::replace(&mut seen[p as usize], true) {
                continue;
            }
            if backwards {
                stack.extend(&before[p as usize]);
            } else {
                stack.extend(self.next(p));
            }
        }
        seen
    }

    /// Puts links together, the longest chains first, and then each link alone.
    fn chains(&mut self, links: &[Link]) {
        let n = self.automaton.positions.len();
        let ahead: Vec<Vec<bool>> = links.iter().map(|l| self.reached(&[l.to], n, false)).collect();
        // The longest chain from each link on. Loops are ordered, so following ends.
        let mut best: Vec<Option<(u32, Option<usize>)>> = vec![None; links.len()];
        for i in 0..links.len() {
            longest(i, links, &ahead, &mut best, 0);
        }
        let mut order: Vec<usize> = (0..links.len()).collect();
        let length = |i: usize| best[i].map_or(1, |(n, _)| n);
        order.sort_by_key(|i| (u32::MAX - length(*i), links[*i].from, links[*i].to));
        let mut chains: Vec<Vec<usize>> = Vec::new();
        for i in order.iter().take(4).copied().filter(|i| length(*i) > 1) {
            let mut chain = vec![i];
            while let Some((_, Some(next))) = chain.last().and_then(|l| best[*l]) {
                chain.push(next);
            }
            chains.push(chain);
        }
        chains.extend(order.into_iter().map(|i| vec![i]));
        for chain in chains {
            let Some(first) = chain.first().map(|i| &links[*i]) else { continue };
            let Some(prefix) = self.prefix(first.from) else { continue };
            let mut pumps: Vec<(Vec<char>, Vec<char>)> = Vec::new();
            let mut positions = vec![first.from];
            for (at, i) in chain.iter().enumerate() {
                let link = &links[*i];
                let bridge =
                    chain.get(at + 1).and_then(|next| self.path(link.to, links[*next].from)).unwrap_or_default();
                for p in [link.from, link.to] {
                    if !positions.contains(&p) {
                        positions.push(p);
                    }
                }
                match pumps.last_mut() {
                    // One loop more that takes the same word makes it no longer.
                    Some((word, between)) if between.is_empty() && *word == link.word => *between = bridge,
                    _ => pumps.push((link.word.clone(), bridge)),
                }
            }
            self.out.found.push(Suspicion { prefix, pumps, exponential: false, positions });
        }
    }
}

fn longest(
    i: usize,
    links: &[Link],
    ahead: &[Vec<bool>],
    best: &mut [Option<(u32, Option<usize>)>],
    depth: usize,
) -> u32 {
    if let Some((n, _)) = best[i] {
        return n;
    }
    let mut found = (1, None);
    if depth <= MAX_LINKS {
        for (j, next) in links.iter().enumerate() {
            // The next link must start in the loop where this one ends, or behind it, and may not lead back.
            if j != i && ahead[i][next.from as usize] && !ahead[j][links[i].to as usize] {
                let n = 1 + longest(j, links, ahead, best, depth + 1);
                if n > found.0 {
                    found = (n, Some(j));
                }
            }
        }
    }
    best[i] = Some(found);
    found.0
}

/// The nodes of a shortest walk from one node to another, both included.
fn walk(n: usize, from: usize, to: usize, step: impl Fn(usize, &mut Vec<usize>)) -> Option<Vec<usize>> {
    let mut came: Vec<usize> = vec![usize::MAX; n];
    let mut queue = VecDeque::from([from]);
    let mut out = Vec::new();
    while let Some(node) = queue.pop_front() {
        out.clear();
        step(node, &mut out);
        for next in &out {
            if came[*next] != usize::MAX {
                continue;
            }
            came[*next] = node;
            if *next == to {
                let mut steps = vec![to];
                let mut at = to;
                loop {
                    at = came[at];
                    steps.push(at);
                    if at == from {
                        break;
                    }
                }
                steps.reverse();
                return Some(steps);
            }
            queue.push_back(*next);
        }
    }
    None
}

/// The strongly connected component of each node that is reached from the roots, by Tarjan's algorithm without
/// recursion; `u32::MAX` for the others.
fn components(n: usize, roots: impl Iterator<Item = usize>, step: impl Fn(usize, &mut Vec<usize>)) -> Vec<u32> {
    const UNSEEN: u32 = u32::MAX;
    let mut component = vec![UNSEEN; n];
    let mut order = vec![UNSEEN; n];
    let mut low = vec![UNSEEN; n];
    let mut stack: Vec<usize> = Vec::new();
    let (mut counter, mut found) = (0, 0);
    for root in roots {
        if order[root] != UNSEEN {
            continue;
        }
        let mut frames: Vec<(usize, Vec<usize>)> = Vec::new();
        let mut enter = Some(root);
        loop {
            if let Some(node) = enter.take() {
                order[node] = counter;
                low[node] = counter;
                counter += 1;
                stack.push(node);
                let mut next = Vec::new();
                step(node, &mut next);
                frames.push((node, next));
            }
            let Some((node, next)) = frames.last_mut() else { break };
            let node = *node;
            if let Some(to) = next.pop() {
                if order[to] == UNSEEN {
                    enter = Some(to);
                } else if component[to] == UNSEEN {
                    low[node] = low[node].min(order[to]);
                }
                continue;
            }
            frames.pop();
            if let Some((parent, _)) = frames.last() {
                low[*parent] = low[*parent].min(low[node]);
            }
            if low[node] == order[node] {
                while let Some(top) = stack.pop() {
                    component[top] = found;
                    if top == node {
                        break;
                    }
                }
                found += 1;
            }
        }
    }
    component
}

//! Source code in a page: lines with their numbers, coloured, with what is meant marked.

use super::highlight::{self, Class};
use super::text;
use crate::snippet;
use assay_finding::{Place, Review};
use assay_text::FileId;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

/// Characters shown of a line before and behind the start of what is meant.
const BEFORE: usize = 120;
const BEHIND: usize = 280;

/// The code of a review; files are looked through once.
pub(super) struct Code<'a> {
    review: &'a Review,
    pieces: BTreeMap<FileId, Vec<(Range<usize>, Class)>>,
}

impl<'a> Code<'a> {
    pub(super) fn new(review: &'a Review) -> Self {
        Self { review, pieces: BTreeMap::new() }
    }

    /// The lines at a place with as many around them.
    pub(super) fn block(&mut self, place: &Place, context: u32) -> String {
        let file = self.review.files.get(place.file);
        let mut out = String::from("<pre class=\"code\"><code>");
        for number in snippet::shown(file, place.span, context) {
            match number {
                Some(number) => self.line(place, number, &mut out),
                None => out.push_str("<span class=\"l\" data-n=\"…\"></span>"),
            }
        }
        out.push_str("</code></pre>");
        out
    }

    /// The one line at which a place starts.
    pub(super) fn one(&mut self, place: &Place) -> String {
        let file = self.review.files.get(place.file);
        let mut out = String::from("<pre class=\"code\"><code>");
        if let Some(number) = snippet::shown(file, place.span, 0).first().copied().flatten() {
            self.line(place, number, &mut out);
        }
        out.push_str("</code></pre>");
        out
    }

    fn line(&mut self, place: &Place, number: u32, out: &mut String) {
        let file = self.review.files.get(place.file);
        let pieces = self.pieces.entry(place.file).or_insert_with(|| highlight::pieces(file));
        let whole = file.lines().line_range(&file.text, number);
        let line = &file.text[whole.clone()];
        let content = line.trim_end().len();
        let indent = line.len() - line.trim_start().len();
        let (start, end) = (place.span.start as usize, place.span.end as usize);
        // Of a range that only goes on here, the indentation is not meant.
        let from = if start > whole.start { start } else { whole.start + indent };
        let from = from.min(whole.start + content);
        // A place of hostile code may begin or end within a character.
        let from = floor(&file.text, from);
        let mark = from..ceil(&file.text, end.min(whole.start + content).max(from));
        let shown = window(&file.text, whole.start..whole.start + content, mark.start);
        // Writing to a string cannot fail.
        let _ = write!(out, "<span class=\"l\" data-n=\"{number}\">");
        if shown.start > whole.start {
            out.push('…');
        }
        let first = pieces.partition_point(|(range, _)| range.end <= shown.start);
        let mut at = shown.start;
        for (range, class) in pieces[first..].iter().take_while(|(range, _)| range.start < shown.end) {
            run(&file.text, at..range.start.max(at), None, &mark, out);
            run(&file.text, range.start.max(at)..range.end.min(shown.end), Some(*class), &mark, out);
            at = range.end.min(shown.end).max(at);
        }
        run(&file.text, at..shown.end, None, &mark, out);
        if shown.end < whole.start + content {
            out.push('…');
        }
        out.push_str("</span>");
    }
}

/// The part of a line that is shown.
fn window(all: &str, line: Range<usize>, mark: usize) -> Range<usize> {
    if line.len() <= BEFORE + BEHIND {
        return line;
    }
    let bounded = |at: usize| floor(all, at.clamp(line.start, line.end));
    bounded(mark.saturating_sub(BEFORE))..bounded(mark + BEHIND)
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn ceil(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

/// A run of one colour, cut where the mark begins and ends.
fn run(all: &str, range: Range<usize>, class: Option<Class>, mark: &Range<usize>, out: &mut String) {
    if range.is_empty() {
        return;
    }
    let cuts =
        [range.start, mark.start.clamp(range.start, range.end), mark.end.clamp(range.start, range.end), range.end];
    for (part, pair) in cuts.windows(2).enumerate() {
        let Some(piece) = all.get(pair[0]..pair[1]).filter(|piece| !piece.is_empty()) else { continue };
        let piece = text(&piece.replace('\t', "    "));
        let colored = match class {
            Some(class) => format!("<span class=\"{}\">{piece}</span>", class.name()),
            None => piece,
        };
        let _ = if part == 1 { write!(out, "<mark>{colored}</mark>") } else { write!(out, "{colored}") };
    }
}

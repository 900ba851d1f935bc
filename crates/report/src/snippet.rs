//! Source code with a range underlined.
//!
//! Hostile characters are spelled out, tabs become spaces, and lines that are too long are cut around
//! the range, so that what is meant is always in sight.

use crate::escape;
use crate::layout::char_width;
use crate::style::{Paint, Style};
use assay_text::{SourceFile, Span};

/// Columns from one tab stop to the next.
const TAB: usize = 4;
/// A range over more lines than this shows its head and its last line.
const MAX_LINES: u32 = 6;

/// The lines of the range, and how many lines around it to show.
#[derive(Clone, Copy)]
struct Extent {
    first: u32,
    last: u32,
}

impl Extent {
    fn of(file: &SourceFile, span: Span) -> Self {
        let end = if span.is_empty() { span.start } else { span.end - 1 };
        let first = file.lines().line(span.start);
        // Past the end of the text there is no line; what is meant there is the last one.
        let count = file.line_count().max(1);
        Self { first: first.min(count), last: file.lines().line(end).clamp(first.min(count), count) }
    }

    /// The lines to show; `None` stands for those left out.
    fn shown(self, context: u32, count: u32) -> Vec<Option<u32>> {
        let mut lines: Vec<Option<u32>> = Vec::new();
        lines.extend((self.first.saturating_sub(context).max(1)..self.first).map(Some));
        if self.last - self.first < MAX_LINES {
            lines.extend((self.first..=self.last).map(Some));
        } else {
            lines.extend((self.first..self.first + MAX_LINES - 2).map(Some));
            lines.push(None);
            lines.push(Some(self.last));
        }
        lines.extend((self.last + 1..=self.last.saturating_add(context).min(count)).map(Some));
        lines
    }
}

/// Code with a frame.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Snippet {
    /// The columns of the line numbers.
    pub(crate) gutter: usize,
    pub(crate) lines: Vec<String>,
}

/// The code around `span`, with a frame, at most `width` columns wide.
pub(crate) fn render(file: &SourceFile, span: Span, context: u32, width: usize, paint: Paint, style: Style) -> Snippet {
    let extent = Extent::of(file, span);
    let shown = extent.shown(context, file.line_count());
    let gutter = shown.last().copied().flatten().unwrap_or(1).to_string().len();
    let room = width.saturating_sub(gutter + 3).max(20);
    let bar = style.paint(Paint::Dim, "|");
    let mut out = vec![format!("{:gutter$} {bar}", "")];
    for number in shown {
        let Some(number) = number else {
            out.push(style.paint(Paint::Dim, &format!("{:.<gutter$}", "")));
            continue;
        };
        let inside = (extent.first..=extent.last).contains(&number);
        let (text, marks) = row(file, number, span, inside, room);
        let number = style.paint(Paint::Dim, &format!("{number:gutter$}"));
        out.push(format!("{number} {bar} {text}").trim_end().to_owned());
        if !marks.is_empty() {
            out.push(format!("{:gutter$} {bar} {}", "", underline(&marks, paint, style)));
        }
    }
    out.push(format!("{:gutter$} {bar}", ""));
    Snippet { gutter, lines: out }
}

/// The numbers of the lines of a range with as many around it; `None` stands for lines left out.
pub(crate) fn shown(file: &SourceFile, span: Span, context: u32) -> Vec<Option<u32>> {
    Extent::of(file, span).shown(context, file.line_count())
}

/// The one line where `span` starts, without indentation, at most `width` columns wide.
pub(crate) fn one_line(file: &SourceFile, span: Span, width: usize) -> String {
    let line = file.lines().line(span.start).min(file.line_count().max(1));
    row(file, line, span, true, width).0.trim().to_owned()
}

/// The lines of the range with as many around it, numbered, for a block of code; `None` stands for lines
/// left out.
pub(crate) fn lines(file: &SourceFile, span: Span, context: u32, width: usize) -> Vec<Option<(u32, String)>> {
    let extent = Extent::of(file, span);
    let shown = extent.shown(context, file.line_count());
    shown
        .into_iter()
        .map(|number| {
            number.map(|number| {
                let inside = (extent.first..=extent.last).contains(&number);
                (number, row(file, number, span, inside, width).0.trim_end().to_owned())
            })
        })
        .collect()
}

fn underline(marks: &str, paint: Paint, style: Style) -> String {
    let indent = marks.len() - marks.trim_start().len();
    format!("{}{}", &marks[..indent], style.paint(paint, &marks[indent..]))
}

/// One character as shown.
struct Cell {
    text: String,
    columns: usize,
    marked: bool,
}

/// A line of at most `room` columns, and the marks below it.
fn row(file: &SourceFile, number: u32, span: Span, inside: bool, room: usize) -> (String, String) {
    let text = &*file.text;
    let range = file.lines().line_range(text, number);
    let line = &text[range.clone()];
    let indent = line.len() - line.trim_start().len();
    let marked = if inside {
        // In a line that the range only goes on in, the indentation is not meant.
        let from = if span.start as usize > range.start { span.start as usize - range.start } else { indent };
        let to = (span.end as usize).saturating_sub(range.start).min(line.trim_end().len());
        let from = from.min(line.len());
        // An empty range is shown as the one character it stands before.
        from..to.max(if span.is_empty() { from + 1 } else { from })
    } else {
        0..0
    };
    // Of a very long line only the neighbourhood of the range is looked at.
    let reach = room * 4;
    let low = boundary(line, marked.start.saturating_sub(reach));
    let high = boundary(line, (marked.start + reach).min(line.len()));
    let cells = cells(line, low, high, &marked);
    lay_out(&cells, low > 0, high < line.len(), marked.end > line.len(), room)
}

fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn cells(line: &str, low: usize, high: usize, marked: &std::ops::Range<usize>) -> Vec<Cell> {
    let mut column = 0;
    let mut cells = Vec::new();
    for (at, c) in line[low..high].char_indices() {
        let mut text = String::new();
        match c {
            '\t' => (0..TAB - column % TAB).for_each(|_| text.push(' ')),
            c if escape::is_hostile(c) => escape::push_visible(&mut text, c),
            c => text.push(c),
        }
        let columns = text.chars().map(char_width).sum();
        column += columns;
        // A range that starts within a character means the whole of it.
        let (start, end) = (low + at, low + at + c.len_utf8());
        cells.push(Cell { text, columns, marked: start < marked.end && end > marked.start });
    }
    cells
}

fn lay_out(cells: &[Cell], more_left: bool, more_right: bool, mark_after: bool, room: usize) -> (String, String) {
    let total: usize = cells.iter().map(|c| c.columns).sum();
    let first_mark = cells.iter().position(|c| c.marked);
    let last_mark = cells.iter().rposition(|c| c.marked);
    let column = |to: usize| cells[..to].iter().map(|c| c.columns).sum::<usize>();
    let mut from = 0;
    let cut = more_left || more_right || total > room;
    if cut
        && let (Some(first), Some(last)) = (first_mark, last_mark)
        && (more_left || column(last + 1) + 1 > room)
    {
        // The range starts after a third of the room at most.
        let mut before = column(first);
        while from < first && before > room / 3 {
            before -= cells[from].columns;
            from += 1;
        }
    }
    let (mut text, mut marks) = (String::new(), String::new());
    let mut columns = 0;
    if from > 0 || more_left {
        text.push('…');
        marks.push(' ');
        columns += 1;
    }
    let fits = !more_right && columns + total - column(from) <= room;
    for cell in &cells[from..] {
        if !fits && columns + cell.columns + 1 > room {
            break;
        }
        columns += cell.columns;
        text.push_str(&cell.text);
        let mark = if cell.marked { '^' } else { ' ' };
        (0..cell.columns).for_each(|_| marks.push(mark));
    }
    if !fits {
        text.push('…');
    } else if mark_after && columns < room {
        marks.push('^');
    }
    marks.truncate(marks.trim_end().len());
    (text, marks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::width;
    use assay_text::{Language, Role};
    use proptest::prelude::*;

    fn file(text: &str) -> SourceFile {
        SourceFile::new("a.py", Language::Python, Role::FirstParty, text)
    }

    fn check(text: &str, meant: &str, room: usize, expected: &[&str]) {
        let start = text.find(meant).unwrap();
        let span = Span::new(start as u32, (start + meant.len()) as u32);
        let got = render(&file(text), span, 0, room, Paint::Bad, Style { color: false }).lines;
        assert_eq!(got, expected);
    }

    #[test]
    fn the_range_is_underlined_by_columns() {
        check("x = f(日本, y)\n", "日本", 40, &["  |", "1 | x = f(日本, y)", "  |       ^^^^", "  |"]);
        check("\tcall(x)", "call(x)", 40, &["  |", "1 |     call(x)", "  |     ^^^^^^^", "  |"]);
        check("a = '\u{1b}'", "'\u{1b}'", 40, &["  |", "1 | a = '\\u{1b}'", "  |     ^^^^^^^^", "  |"]);
    }

    #[test]
    fn every_line_of_a_range_is_underlined() {
        check(
            "a\nf(\n  1,\n)\n",
            "f(\n  1,\n)",
            40,
            &["  |", "2 | f(", "  | ^^", "3 |   1,", "  |   ^^", "4 | )", "  | ^", "  |"],
        );
    }

    #[test]
    fn long_lines_are_cut_around_the_range() {
        let text = format!("x = [{}BAD{}]", "1, ".repeat(3000), "2, ".repeat(3000));
        check(&text, "BAD", 34, &["  |", "1 | … 1, 1, 1, BAD2, 2, 2, 2, 2, …", "  |            ^^^", "  |"]);
    }

    #[test]
    fn a_long_range_shows_its_ends() {
        let text = "f(\n".to_owned() + &"  1,\n".repeat(20) + ")\n";
        let got =
            render(&file(&text), Span::new(0, text.len() as u32 - 1), 0, 40, Paint::Bad, Style { color: false }).lines;
        assert_eq!(got.iter().filter(|l| l.starts_with("..")).count(), 1);
        assert!(got.contains(&"22 | )".to_owned()), "{got:?}");
    }

    #[test]
    fn an_empty_range_at_the_end_has_a_mark() {
        check("abc", "", 40, &["  |", "1 | abc", "  | ^", "  |"]);
        let got = render(&file("abc"), Span::new(3, 3), 0, 40, Paint::Bad, Style { color: false }).lines;
        assert_eq!(got[2], "  |    ^");
    }

    proptest! {
        #[test]
        fn any_range_of_any_text_fits(
            text in "([a-z \\t日é\u{1b}\u{202e}\u{301}]|\\r\\n|\\n|\\r){0,60}",
            start in 0..90u32, len in 0..90u32, room in 26..60usize,
        ) {
            let file = file(&text);
            let span = Span::new(start, start + len);
            for line in render(&file, span, 1, room, Paint::Bad, Style { color: false }).lines {
                prop_assert!(width(&line) <= room, "{:?} is wider than {}", line, room);
                prop_assert!(!line.contains(escape::is_hostile));
            }
            prop_assert!(!one_line(&file, span, room).contains(escape::is_hostile));
        }
    }
}

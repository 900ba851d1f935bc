//! What was asked of the texts of files, so that it can be told whether the answers still hold after an edit.

use crate::{FileId, Files, Role, SourceFile, Span};
use assay_index::FxHashSet;
use std::sync::{Arc, Mutex, PoisonError};

/// A question about the text of a file at a place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Question {
    /// What is the whole text?
    Whole,
    /// Is all of it ASCII?
    IsAscii,
    /// What stands at the place?
    Slice,
    /// What stands there, if one space is like any other?
    Words,
    /// In which line does the place begin?
    Line,
    /// What stands in that line?
    LineText,
    /// What stands in that line before the place?
    LineBefore,
}

impl Question {
    /// Whether the answer about a place of one text is that about a place of another.
    fn has_same_answer(self, before: (&SourceFile, Span), now: (&SourceFile, Span)) -> bool {
        let both = |text: for<'t> fn(&'t SourceFile, Span) -> &'t str| text(before.0, before.1) == text(now.0, now.1);
        let line = |(file, at): (&SourceFile, Span)| file.lines().line(at.start);
        match self {
            Self::Whole => both(|file, _| &file.text),
            Self::IsAscii => before.0.text.is_ascii() == now.0.text.is_ascii(),
            Self::Slice => both(SourceFile::slice),
            Self::Words => before.0.slice(before.1).split_whitespace().eq(now.0.slice(now.1).split_whitespace()),
            Self::Line => line(before) == line(now),
            Self::LineText => both(line_text),
            Self::LineBefore => both(line_before),
        }
    }
}

fn line_text(file: &SourceFile, at: Span) -> &str {
    file.line_text(file.lines().line(at.start))
}

fn line_before(file: &SourceFile, at: Span) -> &str {
    let start = file.lines().line_range(&file.text, file.lines().line(at.start)).start;
    file.text.get(start..at.start as usize).unwrap_or_default()
}

/// The questions that were asked.
#[derive(Debug, Default)]
pub struct Reads(Mutex<FxHashSet<(FileId, Question, Span)>>);

impl Reads {
    fn note(&self, file: FileId, question: Question, at: Span) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert((file, question, at));
    }

    /// Puts the places of a file's questions where `moved` says that they are in its text of `now`. `None` when one is nowhere, or
    /// a question has another answer there.
    pub fn follow(
        &mut self,
        file: FileId,
        before: &SourceFile,
        now: &SourceFile,
        moved: impl Fn(Span) -> Option<Span>,
    ) -> Option<()> {
        let all = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        let asked = all.extract_if(|(of, ..)| *of == file);
        let follow = |(_, question, at): (FileId, Question, Span)| {
            // What is asked of a text as a whole has no place.
            let to = if matches!(question, Question::Whole | Question::IsAscii) { at } else { moved(at)? };
            question.has_same_answer((before, at), (now, to)).then_some((file, question, to))
        };
        let followed: Vec<_> = asked.map(follow).collect::<Option<_>>()?;
        all.extend(followed);
        Some(())
    }
}

/// The files of a review, for those who must say what they read. Places must be those of instructions and definitions.
#[derive(Clone, Copy, Debug)]
pub struct Texts<'a> {
    files: &'a Files,
    reads: Option<&'a Reads>,
}

impl<'a> Texts<'a> {
    /// The files; what is asked of their texts is noted in `reads`.
    pub fn new(files: &'a Files, reads: Option<&'a Reads>) -> Self {
        Self { files, reads }
    }

    fn ask(self, file: FileId, question: Question, at: Span) -> &'a SourceFile {
        if let Some(reads) = self.reads {
            reads.note(file, question, at);
        }
        self.files.get(file)
    }

    /// The numbers of all files.
    pub fn ids(self) -> impl Iterator<Item = FileId> + 'a {
        self.files.iter().map(|(id, _)| id)
    }

    /// The path of a file, as it is shown.
    pub fn path(self, file: FileId) -> &'a Arc<str> {
        &self.files.get(file).path
    }

    /// The part that a file plays.
    pub fn role(self, file: FileId) -> Role {
        self.files.get(file).role
    }

    /// Whether the user named a file, or a folder above it.
    pub fn is_requested(self, file: FileId) -> bool {
        self.files.get(file).requested
    }

    /// The whole text.
    pub fn whole(self, file: FileId) -> &'a str {
        &self.ask(file, Question::Whole, Span::default()).text
    }

    /// Whether all of the text is ASCII.
    pub fn is_ascii(self, file: FileId) -> bool {
        self.ask(file, Question::IsAscii, Span::default()).text.is_ascii()
    }

    /// The text at a place.
    pub fn slice(self, file: FileId, at: Span) -> &'a str {
        self.ask(file, Question::Slice, at).slice(at)
    }

    /// The words at a place: what stands between spaces.
    pub fn words(self, file: FileId, at: Span) -> std::str::SplitWhitespace<'a> {
        self.ask(file, Question::Words, at).slice(at).split_whitespace()
    }

    /// The line in which a place begins, from 1.
    pub fn line(self, file: FileId, at: Span) -> u32 {
        self.ask(file, Question::Line, at).lines().line(at.start)
    }

    /// The text of the line in which a place begins.
    pub fn line_text(self, file: FileId, at: Span) -> &'a str {
        line_text(self.ask(file, Question::LineText, at), at)
    }

    /// The text before a place in the line in which it begins.
    pub fn line_before(self, file: FileId, at: Span) -> &'a str {
        line_before(self.ask(file, Question::LineBefore, at), at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;
    use assay_index::Idx;

    fn file(text: &str) -> SourceFile {
        SourceFile::new("a.py", Language::Python, Role::FirstParty, text)
    }

    /// Whether what `ask` reads of one text, about its `x`, has the same answer in another.
    fn holds(before: &str, now: &str, ask: impl Fn(Texts<'_>, FileId, Span)) -> bool {
        let id = FileId::new(0);
        let place = |text: &str| {
            let at = u32::try_from(text.find('x').unwrap()).unwrap();
            Span::new(at, at + 4)
        };
        let mut reads = Reads::default();
        let files = Files::new(vec![file(before)]);
        ask(Texts::new(&files, Some(&reads)), id, place(before));
        let moved = |at: Span| (at == place(before)).then(|| place(now));
        reads.follow(id, files.get(id), &file(now), moved).is_some()
    }

    #[test]
    fn answers_hold_where_the_text_says_the_same() {
        let (before, moved) = ("a = x = 1\n", "\na = x = 1\n");
        assert!(holds(before, moved, |texts, file, at| assert_eq!(texts.slice(file, at), "x = ")));
        assert!(holds(before, moved, |texts, file, at| assert_eq!(texts.line_before(file, at), "a = ")));
        assert!(holds(before, moved, |texts, file, at| assert_eq!(texts.line_text(file, at), "a = x = 1")));
        assert!(holds(before, moved, |texts, file, _| assert!(texts.is_ascii(file))));
        assert!(!holds(before, moved, |texts, file, at| assert_eq!(texts.line(file, at), 1)));
        assert!(!holds(before, moved, |texts, file, _| assert_eq!(texts.whole(file), before)));
        assert!(!holds(before, "a = x=  1\n", |texts, file, at| assert_eq!(texts.slice(file, at), "x = ")));
        assert!(!holds(before, "é = x = 1\n", |texts, file, _| assert!(texts.is_ascii(file))));
        let words = |texts: Texts<'_>, file, at| assert!(texts.words(file, at).eq(["x", "="]));
        assert!(holds(before, "a =   x =\n", words));
        assert!(!holds(before, "a = xy= 1\n", words));
    }
}

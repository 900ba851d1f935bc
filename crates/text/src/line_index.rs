/// A place as people name it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters (Unicode scalar values), from 1.
    pub column: u32,
}

/// Offsets of the starts of a text's lines. `\n`, `\r\n` and a lone `\r` end a line.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Reads the line ends of `text`.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (i, byte) in bytes.iter().enumerate() {
            let ends = match byte {
                b'\n' => true,
                b'\r' => bytes.get(i + 1) != Some(&b'\n'),
                _ => false,
            };
            if ends {
                starts.push(u32::try_from(i + 1).unwrap_or(u32::MAX));
            }
        }
        Self { starts }
    }

    /// The number of lines; a final line end opens no new line.
    pub fn line_count(&self, text: &str) -> u32 {
        let last = self.starts[self.starts.len() - 1] as usize;
        u32::try_from(self.starts.len()).unwrap_or(u32::MAX) - u32::from(last == text.len())
    }

    /// The line, from 1, that holds the byte at `offset`.
    pub fn line(&self, offset: u32) -> u32 {
        u32::try_from(self.starts.partition_point(|start| *start <= offset)).unwrap_or(u32::MAX)
    }

    /// Line and column of the byte at `offset` of `text`.
    pub fn line_column(&self, text: &str, offset: u32) -> LineColumn {
        let line = self.line(offset);
        let start = self.starts[line as usize - 1] as usize;
        let mut end = (offset as usize).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let column = text.get(start..end).map_or(0, |s| s.chars().count());
        LineColumn { line, column: u32::try_from(column).unwrap_or(u32::MAX - 1) + 1 }
    }

    /// The byte range of `line` (from 1) without its line end; empty past the last line.
    pub fn line_range(&self, text: &str, line: u32) -> std::ops::Range<usize> {
        let Some(&start) = self.starts.get((line.max(1) - 1) as usize) else {
            return text.len()..text.len();
        };
        let end = self.starts.get(line.max(1) as usize).map_or(text.len(), |e| *e as usize);
        let start = start as usize;
        start..start + text[start..end].trim_end_matches(['\n', '\r']).len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_end_counts_once() {
        let text = "a\r\nbé\rc\n";
        let index = LineIndex::new(text);
        assert_eq!(index.line_count(text), 3);
        assert_eq!(index.line_column(text, 6), LineColumn { line: 2, column: 3 });
        assert_eq!(&text[index.line_range(text, 2)], "bé");
        assert_eq!(&text[index.line_range(text, 3)], "c");
    }
}

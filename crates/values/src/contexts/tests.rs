use super::html;
use super::sql::{self, reads_as_sql};
use super::url::{self, Url};
use super::{Grammar, HOLE, harmful, position, shell};
use crate::shapes::{Conversion, Hole, Piece, Shape};
use assay_index::Idx;
use assay_ir::Value;
use proptest::prelude::*;

#[test]
fn statements_read_as_sql() {
    for text in [
        "SELECT * FROM users",
        "select id, name from users where id = \u{fffc}",
        "SELECT COUNT(*) FROM t",
        "SELECT DISTINCT a FROM t",
        "SELECT a AS b, c FROM t",
        "SELECT 1",
        "  \n SELECT \u{fffc} FROM \u{fffc}",
        "(SELECT a FROM b) UNION (SELECT c FROM d)",
        "-- find them\nSELECT a FROM b",
        "/* hint */ SELECT a FROM b",
        "INSERT INTO t VALUES (\u{fffc})",
        "INSERT OR REPLACE INTO t (a) VALUES (1)",
        "REPLACE INTO t VALUES (1)",
        "UPDATE t SET a = \u{fffc} WHERE b = 1",
        "UPDATE \u{fffc} SET a=1",
        "DELETE FROM t WHERE id = '\u{fffc}'",
        "CREATE TABLE t (a int)",
        "CREATE UNIQUE INDEX i ON t (a)",
        "CREATE DATABASE \u{fffc}",
        "ALTER TABLE t ADD COLUMN a int",
        "DROP TABLE IF EXISTS \u{fffc}",
        "TRUNCATE TABLE t",
        "PRAGMA table_info(\u{fffc})",
        "PRAGMA foreign_keys = ON",
        "SAVEPOINT \u{fffc}",
        "ROLLBACK TO SAVEPOINT s",
        "RELEASE SAVEPOINT s",
        "WITH a AS (SELECT b FROM c) SELECT * FROM a",
        "GRANT ALL ON t TO u",
        "EXPLAIN SELECT a FROM t",
        "SHOW TABLES",
        "SET SESSION sql_mode = ''",
        "EXEC sp_who(\u{fffc})",
        "LOCK TABLES t WRITE",
    ] {
        assert!(reads_as_sql(text), "{text}");
    }
}

#[test]
fn english_does_not_read_as_sql() {
    for text in [
        "",
        "Select a file from the list",
        "Select the network from which to take the port",
        "Select your favourite colour from below",
        "Update the description of the set",
        "Update available: set it up now",
        "Delete this item from your basket?",
        "Delete all ports",
        "Insert coin",
        "Create a new table for me",
        "Create network \u{fffc}",
        "Creating table",
        "Drop the file here",
        "Drop files on the table you like",
        "With great power comes responsibility",
        "Show more",
        "Call me maybe",
        "Set the value",
        "Replace the text",
        "Explain yourself",
        "Grant access to \u{fffc}",
        "Lock the door",
        "selected from list",
        "Release \u{fffc}",
        "Savepoint could not be made in this session",
        "Merge branch into main please",
        "Copy files from \u{fffc} to \u{fffc}",
        "hello SELECT * FROM t",
        "\u{fffc}",
    ] {
        assert!(!reads_as_sql(text), "{text}");
    }
}

#[test]
fn places_in_addresses() {
    for (text, expected) in [
        ("", Url::Whole),
        ("http", Url::Scheme),
        ("http:", Url::Scheme),
        ("http://", Url::Host),
        ("\u{fffc}://", Url::Host),
        ("http://user@", Url::Host),
        ("http://h:80", Url::Host),
        ("http://h/", Url::Path),
        ("http://h\\", Url::Path),
        ("http://h?", Url::Query),
        ("http://h/a?b=", Url::Query),
        ("http://h/a#", Url::Fragment),
        ("http:///", Url::Path),
        ("//", Url::Host),
        ("//h/", Url::Path),
        ("/", Url::Path),
        ("/a?u=http://", Url::Query),
        ("\u{fffc}", Url::AfterUnknown),
        ("\u{fffc}:8080", Url::AfterUnknown),
        ("\u{fffc}/v1/", Url::Path),
        ("api/", Url::Path),
    ] {
        assert_eq!(url::after(text), expected, "{text:?}");
    }
}

fn pieces() -> impl Strategy<Value = Shape> {
    let text = "[ -~\n]{0,12}".prop_map(Piece::Text);
    let hole = (0..9usize, any::<bool>(), 0..4u8).prop_map(|(v, flag, c)| {
        let conversion = [Conversion::Plain, Conversion::Repr, Conversion::Number, Conversion::Rooted][c as usize];
        Piece::Hole(Hole { value: Value::new(v), conversion, repeated: flag, component: flag })
    });
    prop::collection::vec(prop_oneof![text, hole], 0..8).prop_map(|list| {
        let mut shape = Shape::default();
        for piece in list {
            shape.push(piece);
        }
        shape
    })
}

const KINDS: &[&str] = &[
    "sql-injection",
    "command-injection",
    "argument-injection",
    "html-injection",
    "header-injection",
    "log-injection",
    "path-injection",
    "request-forgery",
    "url-redirection",
    "process-argument",
    "no-such-kind",
];

proptest! {
    #[test]
    fn every_place_of_every_shape_has_a_position(shape in pieces(), index in 0..10usize) {
        use Grammar::{Html, Lines, Path, Shell, Sql, Url};
        for grammar in [Sql, Url, Shell, Html, Path, Lines] {
            prop_assert!(!position(&shape, index, grammar).describe().is_empty());
        }
        for kind in KINDS {
            let is_hole = matches!(shape.pieces.get(index), Some(Piece::Hole(_)));
            prop_assert!(is_hole || !harmful(kind, &shape, index));
        }
        let _ = shape.reads_as_sql();
    }

    #[test]
    fn any_text_has_a_position(text in any::<String>()) {
        let _ = (sql::after(&text), url::after(&text), shell::after(&text), html::after(&text), reads_as_sql(&text));
    }

    #[test]
    fn a_constant_host_stays(host in "[a-z]{1,8}\\.example", tail in "[ -~]{0,10}") {
        let text = format!("https://{host}/{tail}{HOLE}");
        let shape = Shape { pieces: vec![Piece::Text(text), Piece::Hole(Hole::plain(Value::new(0)))] };
        prop_assert!(!harmful("request-forgery", &shape, 1));
        prop_assert!(!harmful("url-redirection", &shape, 1));
    }
}

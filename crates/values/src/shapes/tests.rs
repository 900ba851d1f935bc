use super::templates::{Part, Source, dollar, format, percent};
use super::{Conversion, shapes};
use crate::{Context, NoOracle};
use assay_index::Interner;
use assay_ir::{Const, Function, FunctionBuilder, FunctionKind, Op};
use assay_text::Span;
use proptest::prelude::*;

fn empty() -> Function {
    let mut strings = Interner::new();
    let name = strings.intern("f");
    Function::empty(name, name, FunctionKind::Named, None, Span::default(), Span::default())
}

fn texts(parts: &[Part]) -> String {
    parts.iter().map(|p| if let Part::Text(t) = p { t.as_str() } else { "" }).collect()
}

#[test]
fn percent_fields_take_their_values_in_turn() {
    let mut next = 0;
    let parts = percent("%5.*f %s %(k)s %% %q", &mut next);
    let fields: Vec<_> = parts
        .iter()
        .filter_map(|p| match p {
            Part::Field { source, conversion, .. } => Some((source.clone(), *conversion)),
            Part::Text(_) => None,
        })
        .collect();
    assert_eq!(
        fields,
        [
            (Source::Position(1), Conversion::Number),
            (Source::Position(2), Conversion::Plain),
            (Source::Name("k".to_owned()), Conversion::Plain),
        ]
    );
    assert_eq!(texts(&parts), "   % %q");
    assert_eq!(next, 3);
}

proptest! {
    #[test]
    fn the_shape_of_a_literal_is_itself(text in any::<String>()) {
        let mut strings = Interner::new();
        let mut builder = FunctionBuilder::new(empty());
        let value = builder.push(Op::Const(Const::Str(strings.intern(&text))), Span::default());
        builder.terminate(assay_ir::Terminator::Return(value));
        let function = builder.finish();
        let found = shapes(&Context::new(&function, &strings, &NoOracle), value);
        prop_assert_eq!(found.len(), 1);
        prop_assert_eq!(found[0].constant(), Some(text.as_str()));
    }

    #[test]
    fn templates_keep_text_without_fields(text in "[a-zA-Z .,:;!-]*") {
        for parts in [percent(&text, &mut 0), format(&text, &mut 0), dollar(&text)] {
            prop_assert_eq!(texts(&parts), text.clone());
        }
    }

    #[test]
    fn any_template_comes_apart(text in any::<String>()) {
        let _ = (percent(&text, &mut 0), format(&text, &mut 0), dollar(&text));
    }
}

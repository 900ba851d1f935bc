//! Which function a call means, among those of one name.
//!
//! The rules of the language rank conversions; what matters here is not to take a function for another one that takes something else. So
//! each argument counts for or against a candidate by how well its type fits, and the best sum wins; of equals, the one declared first.

use super::Parser;
use crate::tree::{Expr, ExprKind};
use assay_ir::{ObjectId, Type, TypeId};

/// What a number of parameters that is not that of the arguments counts.
const OTHER_COUNT: i32 = -1_000;
/// What a conversion that needs code of a class counts.
const BY_CLASS: i32 = -100;
/// What a conversion that does not exist counts.
const IMPOSSIBLE: i32 = -200;

impl Parser<'_> {
    /// Among functions of one name, the one that is called with these arguments. With a `receiver`, the functions are methods of its class,
    /// and those that are not static have the object in front of their parameters.
    pub(super) fn best_overload(
        &self,
        list: &[ObjectId],
        receiver: Option<TypeId>,
        arguments: &[Expr],
    ) -> Option<ObjectId> {
        let mut best: Option<(i32, ObjectId)> = None;
        for object in list {
            let score = self.fitness(*object, receiver, arguments);
            if let Some(score) = score
                && best.is_none_or(|(most, _)| score > most)
            {
                best = Some((score, *object));
            }
        }
        best.map(|(_, object)| object)
    }

    /// Whether a class has a constructor that makes an object of a value as it is.
    pub(super) fn converts(&self, class: TypeId, value: &Expr) -> bool {
        let Some(call) = self.constructor(class, std::slice::from_ref(value)) else { return false };
        let Type::Function { params, .. } = self.types.get(self.objects[call].ty) else { return false };
        params.get(1).is_some_and(|param| self.fit(value, *param) >= 0)
    }

    /// How well arguments fit a function; `None` when it takes fewer.
    fn fitness(&self, object: ObjectId, receiver: Option<TypeId>, arguments: &[Expr]) -> Option<i32> {
        let Type::Function { params, variadic, .. } = self.types.get(self.objects[object].ty) else {
            return Some(OTHER_COUNT);
        };
        let own = receiver.is_some() && params.first().is_some_and(|first| self.is_receiver(*first));
        let params = &params[usize::from(own)..];
        if params.len() < arguments.len() && !variadic {
            return None;
        }
        let missing = i32::try_from(params.len().saturating_sub(arguments.len())).unwrap_or(i32::MAX / 2);
        let count = if missing == 0 && params.len() == arguments.len() { 0 } else { OTHER_COUNT - missing.min(100) };
        let fits: i32 = params.iter().zip(arguments).map(|(param, argument)| self.fit(argument, *param)).sum();
        Some(count + fits)
    }

    /// Whether a parameter is what a method gets its object by.
    fn is_receiver(&self, param: TypeId) -> bool {
        !self.references.contains(&param) && self.types.pointee(param).is_some_and(|to| self.is_record(to))
    }

    /// How well an argument fits a parameter: more is better.
    fn fit(&self, argument: &Expr, param: TypeId) -> i32 {
        let given = argument.ty;
        if given == param {
            return 4;
        }
        if self.references.contains(&param)
            && let Some(to) = self.types.pointee(param)
        {
            return if given == to { 4 } else { self.fit_types(argument, given, to).min(3) };
        }
        self.fit_types(argument, given, param)
    }

    fn fit_types(&self, argument: &Expr, given: TypeId, param: TypeId) -> i32 {
        let pointee = |ty: TypeId| match self.types.get(ty) {
            Type::Pointer(to) => Some(*to),
            Type::Array { element, .. } => Some(*element),
            _ => None,
        };
        match (self.types.get(given), self.types.get(param)) {
            (Type::Unknown, _) | (_, Type::Unknown) => 0,
            (Type::Int { .. } | Type::Bool, Type::Int { .. } | Type::Bool) => 3,
            (
                Type::Int { .. } | Type::Bool | Type::Float { .. },
                Type::Int { .. } | Type::Bool | Type::Float { .. },
            ) => 1,
            // Only a zero is an address.
            (Type::Int { .. }, Type::Pointer(_)) if matches!(argument.kind, ExprKind::Int(0)) => 1,
            (Type::Int { .. } | Type::Bool | Type::Float { .. }, Type::Pointer(_)) => IMPOSSIBLE,
            (Type::Pointer(_) | Type::Array { .. }, Type::Bool) => -10,
            (Type::Pointer(_) | Type::Array { .. }, Type::Int { .. } | Type::Float { .. }) => IMPOSSIBLE,
            (Type::Pointer(_) | Type::Array { .. }, Type::Pointer(_)) => match (pointee(given), pointee(param)) {
                (Some(a), Some(b)) if a == b => 4,
                (_, Some(to)) if matches!(self.types.get(to), Type::Void | Type::Unknown) => 1,
                (Some(a), Some(b)) if self.is_record(a) && self.is_record(b) => 2,
                _ => -10,
            },
            (Type::Record(_), Type::Record(_)) if self.derives(given, param) => 3,
            (Type::Record(_), _) | (_, Type::Record(_)) => BY_CLASS,
            _ => 0,
        }
    }

    /// Whether a class is another one or has it among its bases.
    pub(super) fn derives(&self, class: TypeId, base: TypeId) -> bool {
        let mut pending = vec![class];
        for _ in 0..64 {
            let Some(class) = pending.pop() else { return false };
            if class == base {
                return true;
            }
            let bases = self.classes.info.get(&class).map_or(0, |info| info.bases);
            if let Some(record) = self.types.record(class) {
                pending.extend(record.fields.iter().take(bases).map(|field| field.ty));
            }
        }
        false
    }
}

//! Access control: who may do what, and where nobody asks.
//!
//! - [`guards`] finds the checks of access: those of libraries by models, those of the project by their bodies ([`body`]) and names.
//! - [`before`] says which effects come behind a check on every way, and which do not.
//! - [`siblings`] compares what belongs together: who lacks the check that the others have.
//! - [`entries`] makes each entry point an examined place with what guards it.
//! - [`states`] looks at handlers of messages that run before anybody has logged in.
//! - [`policies`] compares the rules that code names with those that are registered.
//! - [`objects`] looks at what a check covers: one that compares the caller with themselves covers nothing.
//! - [`declarations`] finds published methods of Zope for which nothing is declared where the others of their class are.
//! - [`order`] finds checks that stand above the registration of a handler, where they do nothing.
//! - [`owners`] finds handlers that let the request say whose things they are about.
//! - [`defaults`] finds views that a framework lets everybody use because nothing says otherwise.
//! - [`ineffective`] finds checks that are made and keep nobody out.
//! - [`lookups`] finds handlers that load an object by its id alone where others compare its owner with the caller.
//! - [`children`] finds children that are loaded by an id of their own where the check was made for a parent.
//! - [`coverage`] finds checks that are asked without the object that their siblings pass.
//! - [`joins`] finds queries that compare a column of a class which nothing joins to the one that they ask for.
//! - [`generic_views`] finds views that take any object whose id stands in the path where others keep to the caller's.
//! - [`object_permissions`] finds views that load an object without asking the permissions that they have for objects.
//! - [`shared`] finds what a handler of all requests keeps of one in itself.
//! - [`assignment`] finds fields that a request sets although it should not: mass assignment, privileges.
//! - [`methods`] finds what a link can change, and settings without the check for forged requests.

pub(crate) mod assignment;
pub(crate) mod before;
pub(crate) mod body;
mod children;
mod coverage;
mod declarations;
mod defaults;
mod entries;
mod generic_views;
pub(crate) mod guards;
mod ineffective;
mod joins;
mod lookups;
mod methods;
mod names;
mod object_permissions;
mod objects;
mod order;
mod owners;
mod policies;
mod shared;
mod siblings;
mod states;
pub(crate) mod vocabulary;

use crate::Examined;
use crate::code::Code;
use crate::surface::AttackSurface;

pub(crate) fn examine(code: &Code<'_>, surface: &AttackSurface, out: &mut Vec<Examined>) {
    let AttackSurface { guards, effects, before, operations } = surface;
    let handlers = entries::handlers(code, operations);
    let deviations = siblings::find(code, guards, before, &handlers);
    entries::examine(code, guards, before, &deviations, &handlers, out);
    states::examine(code, guards, out);
    if let Some(check) = crate::check("missing-authorization") {
        defaults::examine(code, check, guards, operations, out);
        order::examine(code, check, guards, out);
        declarations::examine(code, check, out);
    }
    policies::examine(code, guards, out);
    objects::examine(code, guards, out);
    if let Some(check) = crate::check("unscoped-object") {
        owners::examine(code, check, guards, &handlers, out);
        lookups::examine(code, check, guards, &handlers, out);
        children::examine(code, check, guards, &handlers, out);
        coverage::examine(code, check, guards, out);
        joins::examine(code, check, out);
        object_permissions::examine(code, check, out);
        generic_views::examine(code, check, guards, out);
    }
    if let Some(check) = crate::check("ineffective-authorization") {
        ineffective::examine(code, check, guards, out);
    }
    assignment::examine(code, guards, out);
    methods::examine(code, guards, effects, &handlers, out);
    shared::examine(code, out);
}

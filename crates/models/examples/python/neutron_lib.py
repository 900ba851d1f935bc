"""neutron-lib: the request context with its database session, transactions, the registry of callbacks, RPC, validators and converters."""

import neutron_lib.agent.topics
import neutron_lib.api.converters
import neutron_lib.api.extensions
import neutron_lib.api.validators
import neutron_lib.callbacks.events
import neutron_lib.callbacks.registry
import neutron_lib.context
import neutron_lib.db.api
import neutron_lib.db.model_base
import neutron_lib.db.model_query
import neutron_lib.db.resource_extend
import neutron_lib.db.standard_attr
import neutron_lib.db.utils
import neutron_lib.exceptions
import neutron_lib.objects.common_types
import neutron_lib.objects.registry
import neutron_lib.placement.client
import neutron_lib.placement.utils
import neutron_lib.plugins.directory
import neutron_lib.plugins.utils
import neutron_lib.policy
import neutron_lib.policy._engine
import neutron_lib.rpc
import neutron_lib.utils.file
import neutron_lib.utils.helpers
import neutron_lib.utils.net
import neutron_lib.utils.runtime

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        neutron_lib.context.ContextBase,
        neutron_lib.context.Context,
        neutron_lib.callbacks.events.EventPayload,
        neutron_lib.rpc.BackingOffClient,
        neutron_lib.rpc.Connection,
        neutron_lib.rpc.Service,
        neutron_lib.db.model_base.BASEV2,
        neutron_lib.exceptions.NeutronException,
        neutron_lib.exceptions.BadRequest,
        neutron_lib.exceptions.NotFound,
        neutron_lib.exceptions.Conflict,
        neutron_lib.exceptions.InUse,
        neutron_lib.exceptions.NotAuthorized,
        neutron_lib.exceptions.ServiceUnavailable,
        neutron_lib.objects.common_types.UUIDField,
        neutron_lib.placement.client.PlacementAPIClient,
    ]


def types_of_neutron_lib_api_validators():
    neutron_lib.api.validators.is_attr_set()


def types_of_neutron_lib_plugins_utils():
    neutron_lib.plugins.utils.get_interface_name()


def types_of_neutron_lib_utils_net():
    neutron_lib.utils.net.get_hostname()


def types_of_neutron_lib_agent_topics():
    neutron_lib.agent.topics.get_topic_name()


def types_of_neutron_lib_api_extensions():
    neutron_lib.api.extensions.is_extension_supported()


def types_of_context(context: neutron_lib.context.Context):
    context.is_admin
    context.project_id
    context.to_dict()
    context.elevated()
    context.session


def types_of_neutron_lib_context():
    neutron_lib.context.get_admin_context()
    neutron_lib.context.get_admin_context_without_session()
    neutron_lib.context.Context.from_dict()


def types_of_neutron_lib_db_api():
    neutron_lib.db.api.get_context_manager()
    neutron_lib.db.api.CONTEXT_READER
    neutron_lib.db.api.get_reader_session()


def types_of_neutron_lib_db_model_query():
    neutron_lib.db.model_query.query_with_hooks()


def types_of_neutron_lib_db_utils():
    neutron_lib.db.utils.model_query()


def types_of_neutron_lib_rpc():
    neutron_lib.rpc.get_client()
    neutron_lib.rpc.get_server()
    neutron_lib.rpc.get_notifier()


def types_of_neutron_lib_callbacks_registry():
    @neutron_lib.callbacks.registry.subscribe
    def on_subscribe(payload):
        payload


def types_of_neutron_lib_callbacks_registry_2():
    @neutron_lib.callbacks.registry.receives()
    def on_receives(payload):
        payload


def types_of_event_payload(event_payload: neutron_lib.callbacks.events.EventPayload):
    event_payload.context


def types_of_neutron_lib_policy__engine():
    neutron_lib.policy._engine.get_enforcer()


def types_of_service(service: neutron_lib.rpc.Service):
    service.conn


def sources_of_event_payload(event_payload: neutron_lib.callbacks.events.EventPayload):
    eval(event_payload.request_body)  # expect: code-injection


def entries_of_neutron_lib_callbacks_registry():
    @neutron_lib.callbacks.registry.subscribe
    def on_subscribe_2():
        return ""


def entries_of_neutron_lib_callbacks_registry_2():
    @neutron_lib.callbacks.registry.receives()
    def on_receives_2():
        return ""


def entries_of_neutron_lib_db_resource_extend():
    @neutron_lib.db.resource_extend.extends()
    def on_extends():
        return ""


def entries_of_neutron_lib_db_api():
    def on_sqla_listen():
        return ""

    neutron_lib.db.api.sqla_listen(None, None, on_sqla_listen)


def decorator_of_neutron_lib_callbacks_registry():
    @neutron_lib.callbacks.registry.has_registry_receivers
    def kept_by_has_registry_receivers(text):
        eval(text)  # expect: code-injection

    kept_by_has_registry_receivers(untrusted())


def decorator_of_neutron_lib_callbacks_registry_2():
    @neutron_lib.callbacks.registry.receives()
    def kept_by_receives(text):
        eval(text)  # expect: code-injection

    kept_by_receives(untrusted())


def decorator_of_neutron_lib_db_api():
    @neutron_lib.db.api.retry_db_errors
    def kept_by_retry_db_errors(text):
        eval(text)  # expect: code-injection

    kept_by_retry_db_errors(untrusted())


def decorator_of_neutron_lib_db_api_2():
    @neutron_lib.db.api.retry_if_session_inactive()
    def kept_by_retry_if_session_inactive(text):
        eval(text)  # expect: code-injection

    kept_by_retry_if_session_inactive(untrusted())


def decorator_of_neutron_lib_db_utils():
    @neutron_lib.db.utils.reraise_as_retryrequest
    def kept_by_reraise_as_retryrequest(text):
        eval(text)  # expect: code-injection

    kept_by_reraise_as_retryrequest(untrusted())


def decorator_of_neutron_lib_db_resource_extend():
    @neutron_lib.db.resource_extend.has_resource_extenders
    def kept_by_has_resource_extenders(text):
        eval(text)  # expect: code-injection

    kept_by_has_resource_extenders(untrusted())


def decorator_of_neutron_lib_db_resource_extend_2():
    @neutron_lib.db.resource_extend.extends()
    def kept_by_extends(text):
        eval(text)  # expect: code-injection

    kept_by_extends(untrusted())


def decorator_of_neutron_lib_utils_helpers():
    @neutron_lib.utils.helpers.timecost
    def kept_by_timecost(text):
        eval(text)  # expect: code-injection

    kept_by_timecost(untrusted())


def sinks_of_neutron_lib_utils_file():
    neutron_lib.utils.file.replace_file(untrusted())  # expect: path-traversal
    neutron_lib.utils.file.replace_file(None, f"name = {untrusted()}\n")  # expect: config-line-injection


def sinks_of_neutron_lib_utils_runtime():
    neutron_lib.utils.runtime.load_class_by_alias_or_classname(None, untrusted())  # expect: unsafe-reflection


def sinks_of_neutron_lib_objects_registry():
    neutron_lib.objects.registry.load_class(untrusted())  # expect: unsafe-reflection


def guard_of_neutron_lib_api_validators():
    value = untrusted()
    if not neutron_lib.api.validators.validate_uuid(value):
        eval(value)


def guard_of_neutron_lib_api_validators_2():
    value = untrusted()
    if not neutron_lib.api.validators.validate_oneline_not_empty_string(value):
        eval(value)  # expect: code-injection


def guard_of_neutron_lib_api_validators_3():
    value = untrusted()
    neutron_lib.api.validators.validate_no_whitespace(value)
    eval(value)  # expect: code-injection


def guard_of_neutron_lib_plugins_utils():
    value = untrusted()
    if neutron_lib.plugins.utils.is_valid_vlan_tag(value):
        eval(value)


def barriers_of_neutron_lib_api_converters():
    eval(neutron_lib.api.converters.convert_to_int(untrusted()))


def barriers_of_neutron_lib_utils_net():
    eval(neutron_lib.utils.net.AuthenticEUI(untrusted()))


def flows_of_neutron_lib_api_converters():
    eval(neutron_lib.api.converters.convert_none_to_empty_list(untrusted()))  # expect: code-injection
    eval(neutron_lib.api.converters.convert_to_list(untrusted()))  # expect: code-injection


def flows_of_neutron_lib_utils_helpers():
    eval(neutron_lib.utils.helpers.camelize(untrusted()))  # expect: code-injection
    eval(neutron_lib.utils.helpers.make_weak_ref(untrusted()))  # expect: code-injection


def flows_of_neutron_lib_db_utils():
    eval(neutron_lib.db.utils.resource_fields(untrusted()))  # expect: code-injection


def neutral_of_neutron_lib_callbacks_registry():
    eval(neutron_lib.callbacks.registry.subscribe(untrusted()))


def neutral_of_neutron_lib_db_model_query():
    eval(neutron_lib.db.model_query.query_with_hooks(untrusted()))
    neutron_lib.db.model_query.query_with_hooks(untrusted())
    eval(neutron_lib.db.model_query.register_hook(untrusted()))


def neutral_of_neutron_lib_plugins_directory():
    eval(neutron_lib.plugins.directory.get_plugin(untrusted()))


def neutral_of_neutron_lib_rpc():
    eval(neutron_lib.rpc.get_client(untrusted()))


def neutral_of_neutron_lib_context():
    eval(neutron_lib.context.get_admin_context(untrusted()))


def neutral_of_neutron_lib_utils_helpers():
    eval(neutron_lib.utils.helpers.get_random_string(untrusted()))


def neutral_of_neutron_lib_utils_net():
    eval(neutron_lib.utils.net.get_hostname(untrusted()))


def neutral_of_neutron_lib_api_validators():
    eval(neutron_lib.api.validators.is_attr_set(untrusted()))


def neutral_of_neutron_lib_policy():
    eval(neutron_lib.policy.policy_or(untrusted()))


def neutral_of_neutron_lib_db_api():
    eval(neutron_lib.db.api.is_session_active(untrusted()))


def neutral_of_neutron_lib_db_utils():
    eval(neutron_lib.db.utils.get_marker_obj(untrusted()))


def neutral_of_neutron_lib_db_standard_attr():
    eval(neutron_lib.db.standard_attr.get_standard_attr_resource_model_map(untrusted()))


def neutral_of_neutron_lib_api_extensions():
    eval(neutron_lib.api.extensions.is_extension_supported(untrusted()))


def neutral_of_neutron_lib_agent_topics():
    eval(neutron_lib.agent.topics.get_topic_name(untrusted()))


def neutral_of_neutron_lib_plugins_utils():
    eval(neutron_lib.plugins.utils.get_interface_name(untrusted()))


def neutral_of_neutron_lib_placement_utils():
    eval(neutron_lib.placement.utils.device_resource_provider_uuid(untrusted()))


def names(unknown):
    unknown.elevated()
    unknown.create_consumer(None, "x")
    unknown.consume_in_threads()


class Endpoint:
    def update(self, context, body):
        eval(body)  # expect: code-injection


def endpoints(connection: neutron_lib.rpc.Connection):
    neutron_lib.rpc.get_server("target", [Endpoint()])
    connection.create_consumer("topic", [Endpoint()])

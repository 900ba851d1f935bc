"""oslo.log, oslo.policy, oslo.service, oslo.middleware and oslo.cache."""

import oslo_cache
import oslo_cache.core
import oslo_log.helpers
import oslo_log.log
import oslo_log.versionutils
import oslo_middleware.base
import oslo_policy.policy
import oslo_service.backend
import oslo_service.loopingcall
import oslo_service.periodic_task
import oslo_service.service
import oslo_service.wsgi
import oslo_upgradecheck.upgradecheck
import osprofiler.profiler

from flask import request


def untrusted():
    return request.args["data"]


class OwnConfigurableMiddleware(oslo_middleware.base.ConfigurableMiddleware):
    def process_request(self, first):
        first


class OwnConfigurableMiddleware2(oslo_middleware.base.ConfigurableMiddleware):
    def process_response(self, first):
        first


class OwnConfigurableMiddleware3(oslo_middleware.base.ConfigurableMiddleware):
    def process_response(self, first, request):
        request


class OwnConfigurableMiddleware4(oslo_middleware.base.ConfigurableMiddleware):
    def process_request(self):
        return ""


def classes():
    return [
        oslo_log.log.KeywordArgumentAdapter,
        oslo_policy.policy.Enforcer,
        oslo_policy.policy.RuleDefault,
        oslo_service.wsgi.Request,
        oslo_service.service.Service,
        oslo_service.loopingcall.FixedIntervalLoopingCall,
        oslo_middleware.base.ConfigurableMiddleware,
    ]


def types_of_oslo_log_log():
    oslo_log.log.getLogger()


def types_of_enforcer(enforcer: oslo_policy.policy.Enforcer):
    enforcer.enforce()


def entries_of_oslo_service_periodic_task():
    @oslo_service.periodic_task.periodic_task
    def on_periodic_task():
        return ""


def entries_of_oslo_service_periodic_task_2():
    @oslo_service.periodic_task.periodic_task()
    def on_periodic_task_2():
        return ""


def entries_of_oslo_service_loopingcall():
    @oslo_service.loopingcall.FixedIntervalLoopingCall
    def on_FixedIntervalLoopingCall():
        return ""


def decorator_of_oslo_service_periodic_task():
    @oslo_service.periodic_task.periodic_task
    def kept_by_periodic_task(text):
        eval(text)  # expect: code-injection

    kept_by_periodic_task(untrusted())


def decorator_of_oslo_service_periodic_task_2():
    @oslo_service.periodic_task.periodic_task()
    def kept_by_periodic_task_2(text):
        eval(text)  # expect: code-injection

    kept_by_periodic_task_2(untrusted())


def decorator_of_oslo_service_loopingcall():
    @oslo_service.loopingcall.RetryDecorator()
    def kept_by_RetryDecorator(text):
        eval(text)  # expect: code-injection

    kept_by_RetryDecorator(untrusted())


def decorator_of_oslo_cache_core():
    @oslo_cache.core.get_memoization_decorator()
    def kept_by_get_memoization_decorator(text):
        eval(text)  # expect: code-injection

    kept_by_get_memoization_decorator(untrusted())


def decorator_of_oslo_cache():
    @oslo_cache.get_memoization_decorator()
    def kept_by_get_memoization_decorator_2(text):
        eval(text)  # expect: code-injection

    kept_by_get_memoization_decorator_2(untrusted())


def decorator_of_oslo_log_helpers():
    @oslo_log.helpers.log_method_call
    def kept_by_log_method_call(text):
        eval(text)  # expect: code-injection

    kept_by_log_method_call(untrusted())


def decorator_of_oslo_log_versionutils():
    @oslo_log.versionutils.deprecated()
    def kept_by_deprecated(text):
        eval(text)  # expect: code-injection

    kept_by_deprecated(untrusted())


def decorator_of_osprofiler_profiler():
    @osprofiler.profiler.trace()
    def kept_by_trace(text):
        eval(text)  # expect: code-injection

    kept_by_trace(untrusted())


def flows_of_oslo_service_loopingcall():
    oslo_service.loopingcall.FixedIntervalLoopingCall(lambda first: eval(first), untrusted())  # expect: code-injection
    oslo_service.loopingcall.FixedIntervalLoopingCall(lambda first, second: eval(second), None, untrusted())  # expect: code-injection


def sinks_of_oslo_service_wsgi():
    oslo_service.wsgi.Loader().load_app(untrusted())  # expect: code-injection


def neutral_of_oslo_upgradecheck_upgradecheck():
    eval(oslo_upgradecheck.upgradecheck.Result(untrusted()))


def neutral_of_oslo_policy_policy():
    eval(oslo_policy.policy.RuleCheck(untrusted()))
    eval(oslo_policy.policy.RuleDefault(untrusted()))


def neutral_of_oslo_service_backend():
    eval(oslo_service.backend.init_backend(untrusted()))


def neutral_of_oslo_log_log():
    eval(oslo_log.log.getLogger(untrusted()))


def neutral_of_enforcer(enforcer: oslo_policy.policy.Enforcer):
    eval(enforcer.enforce(untrusted()))


def neutral_of_oslo_service_service():
    eval(oslo_service.service.launch(untrusted()))

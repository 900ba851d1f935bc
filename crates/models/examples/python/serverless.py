"""Functions that a cloud calls: Powertools for AWS Lambda, Chalice, Azure Functions and Google's Functions Framework."""

import aws_lambda_powertools
import aws_lambda_powertools.event_handler
import aws_lambda_powertools.event_handler.api_gateway
import aws_lambda_powertools.utilities.batch
import aws_lambda_powertools.utilities.data_classes
import aws_lambda_powertools.utilities.data_classes.api_gateway_proxy_event
import aws_lambda_powertools.utilities.data_classes.sqs_event
import aws_lambda_powertools.utilities.idempotency
import aws_lambda_powertools.utilities.parser
import aws_lambda_powertools.utilities.validation
import azure.functions
import chalice
import chalice.app
import cloudevents.http
import functions_framework
import os
import sqlite3

from flask import request


def lambda_handler(event, context):
    os.system("convert " + event["Records"][0]["s3"]["object"]["key"])  # expect: command-injection


def page_handler(event, context):
    name = "<h1>" + event["name"]
    return {"headers": {"Content-Type": "text/html"}, "body": name}  # expect: cross-site-scripting


def other_handler(lambda_event, lambda_context):
    os.system("convert " + lambda_event["name"])  # expect: command-injection


def untrusted():
    return request.args["data"]


def classes():
    return [
        aws_lambda_powertools.Logger,
        aws_lambda_powertools.Tracer,
        aws_lambda_powertools.Metrics,
        aws_lambda_powertools.utilities.data_classes.ALBEvent,
        aws_lambda_powertools.utilities.data_classes.api_gateway_proxy_event.APIGatewayProxyEvent,
        aws_lambda_powertools.utilities.data_classes.sqs_event.SQSEvent,
        aws_lambda_powertools.event_handler.APIGatewayRestResolver,
        aws_lambda_powertools.event_handler.api_gateway.APIGatewayRestResolver,
        chalice.Chalice,
        chalice.app.Request,
        chalice.app.S3Event,
        azure.functions.HttpRequest,
        azure.functions.ServiceBusMessage,
        azure.functions.InputStream,
        azure.functions.FunctionApp,
        cloudevents.http.CloudEvent,
    ]


def types_of_event(event: aws_lambda_powertools.utilities.data_classes.ALBEvent):
    event.records[0]


def types_of_resolver(resolver: aws_lambda_powertools.event_handler.APIGatewayRestResolver):
    resolver.current_event


def types_of_aws_lambda_powertools_utilities_data_classes():
    @aws_lambda_powertools.utilities.data_classes.event_source("/")
    def on_event_source(first):
        first


def types_of_aws_lambda_powertools_utilities_batch():
    def on_process_partial_response(first):
        first

    aws_lambda_powertools.utilities.batch.process_partial_response(record_handler=on_process_partial_response)


def types_of_chalice(the_chalice: chalice.Chalice):
    the_chalice.current_request


def types_of_chalice_2(the_chalice: chalice.Chalice):
    @the_chalice.on_s3_event("/")
    def on_on_s3_event(first):
        first


def types_of_event_2(event: chalice.app.S3Event):
    event[0]


def types_of_function_app(function_app: azure.functions.FunctionApp):
    @function_app.route("/")
    def on_route(first):
        first


def types_of_function_app_2(function_app: azure.functions.FunctionApp):
    @function_app.service_bus_queue_trigger("/")
    def on_service_bus_queue_trigger(first):
        first


def types_of_function_app_3(function_app: azure.functions.FunctionApp):
    @function_app.blob_trigger("/")
    def on_blob_trigger(first):
        first


def types_of_functions_framework():
    @functions_framework.http
    def on_http(first):
        first


def types_of_functions_framework_2():
    @functions_framework.cloud_event
    def on_cloud_event(first):
        first


def sources_of_event(event: aws_lambda_powertools.utilities.data_classes.ALBEvent):
    eval(event.body)  # expect: code-injection
    eval(event.get())  # expect: code-injection
    eval(event[0])  # expect: code-injection


def sources_of_resolver(resolver: aws_lambda_powertools.event_handler.APIGatewayRestResolver):
    @resolver.get("/")
    def on_get(value):
        eval(value)  # expect: code-injection


def sources_of_logger(logger: aws_lambda_powertools.Logger):
    @logger.inject_lambda_context
    def on_inject_lambda_context(first):
        eval(first)  # expect: code-injection


def sources_of_logger_2(logger: aws_lambda_powertools.Logger):
    @logger.inject_lambda_context("/")
    def on_inject_lambda_context_2(first):
        eval(first)  # expect: code-injection


def sources_of_tracer(tracer: aws_lambda_powertools.Tracer):
    @tracer.capture_lambda_handler
    def on_capture_lambda_handler(first):
        eval(first)  # expect: code-injection


def sources_of_metrics(metrics: aws_lambda_powertools.Metrics):
    @metrics.log_metrics
    def on_log_metrics(first):
        eval(first)  # expect: code-injection


def sources_of_metrics_2(metrics: aws_lambda_powertools.Metrics):
    @metrics.log_metrics("/")
    def on_log_metrics_2(first):
        eval(first)  # expect: code-injection


def sources_of_aws_lambda_powertools_utilities_parser():
    @aws_lambda_powertools.utilities.parser.event_parser("/")
    def on_event_parser(first):
        eval(first)  # expect: code-injection


def sources_of_aws_lambda_powertools_utilities_validation():
    @aws_lambda_powertools.utilities.validation.validator("/")
    def on_validator(first):
        eval(first)  # expect: code-injection


def sources_of_aws_lambda_powertools_utilities_idempotency():
    @aws_lambda_powertools.utilities.idempotency.idempotent("/")
    def on_idempotent(first):
        eval(first)  # expect: code-injection


def sources_of_request(request: chalice.app.Request):
    eval(request.json_body)  # expect: code-injection
    eval(request.to_dict())  # expect: code-injection


def sources_of_event_2(event: chalice.app.S3Event):
    eval(event.body)  # expect: code-injection
    eval(event.to_dict())  # expect: code-injection


def sources_of_chalice(the_chalice: chalice.Chalice):
    @the_chalice.route("/")
    def on_route_2(value):
        eval(value)  # expect: code-injection


def sources_of_chalice_2(the_chalice: chalice.Chalice):
    @the_chalice.lambda_function("/")
    def on_lambda_function(first):
        eval(first)  # expect: code-injection


def sources_of_http_request(http_request: azure.functions.HttpRequest):
    eval(http_request.params)  # expect: code-injection
    eval(http_request.get_json())  # expect: code-injection


def sources_of_message(message: azure.functions.ServiceBusMessage):
    eval(message.get_body())  # expect: code-injection
    eval(message.application_properties)  # expect: code-injection


def sources_of_input_stream(input_stream: azure.functions.InputStream):
    eval(input_stream.name)  # expect: code-injection
    eval(input_stream.read())  # expect: code-injection


def sources_of_cloud_event(cloud_event: cloudevents.http.CloudEvent):
    eval(cloud_event.data)  # expect: code-injection
    eval(cloud_event[0])  # expect: code-injection


def entries_of_resolver(resolver: aws_lambda_powertools.event_handler.APIGatewayRestResolver):
    @resolver.get("/")
    def on_get_2():
        return ""


def entries_of_logger(logger: aws_lambda_powertools.Logger):
    @logger.inject_lambda_context
    def on_inject_lambda_context_3():
        return ""


def entries_of_logger_2(logger: aws_lambda_powertools.Logger):
    @logger.inject_lambda_context("/")
    def on_inject_lambda_context_4():
        return ""


def entries_of_tracer(tracer: aws_lambda_powertools.Tracer):
    @tracer.capture_lambda_handler
    def on_capture_lambda_handler_2():
        return ""


def entries_of_aws_lambda_powertools_utilities_data_classes():
    @aws_lambda_powertools.utilities.data_classes.event_source("/")
    def on_event_source_2():
        return ""


def entries_of_aws_lambda_powertools_utilities_batch():
    def on_process_partial_response_2():
        return ""

    aws_lambda_powertools.utilities.batch.process_partial_response(record_handler=on_process_partial_response_2)


def entries_of_chalice(the_chalice: chalice.Chalice):
    @the_chalice.route("/")
    def on_route_3():
        return ""


def entries_of_chalice_2(the_chalice: chalice.Chalice):
    @the_chalice.on_s3_event("/")
    def on_on_s3_event_2():
        return ""


def entries_of_function_app(function_app: azure.functions.FunctionApp):
    @function_app.route("/")
    def on_route_4():
        return ""


def entries_of_function_app_2(function_app: azure.functions.FunctionApp):
    @function_app.service_bus_queue_trigger("/")
    def on_service_bus_queue_trigger_2():
        return ""


def entries_of_functions_framework():
    @functions_framework.http
    def on_http_2():
        return ""


def entries_of_functions_framework_2():
    @functions_framework.cloud_event
    def on_cloud_event_2():
        return ""


def decorator_of_logger(logger: aws_lambda_powertools.Logger):
    @logger.inject_lambda_context
    def kept_by_inject_lambda_context(text):
        eval(text)  # expect: code-injection

    kept_by_inject_lambda_context(untrusted())


def decorator_of_logger_2(logger: aws_lambda_powertools.Logger):
    @logger.inject_lambda_context("/")
    def kept_by_inject_lambda_context_2(text):
        eval(text)  # expect: code-injection

    kept_by_inject_lambda_context_2(untrusted())


def decorator_of_tracer(tracer: aws_lambda_powertools.Tracer):
    @tracer.capture_lambda_handler
    def kept_by_capture_lambda_handler(text):
        eval(text)  # expect: code-injection

    kept_by_capture_lambda_handler(untrusted())


def decorator_of_tracer_2(tracer: aws_lambda_powertools.Tracer):
    @tracer.capture_lambda_handler("/")
    def kept_by_capture_lambda_handler_2(text):
        eval(text)  # expect: code-injection

    kept_by_capture_lambda_handler_2(untrusted())


def decorator_of_metrics(metrics: aws_lambda_powertools.Metrics):
    @metrics.log_metrics
    def kept_by_log_metrics(text):
        eval(text)  # expect: code-injection

    kept_by_log_metrics(untrusted())


def decorator_of_metrics_2(metrics: aws_lambda_powertools.Metrics):
    @metrics.log_metrics("/")
    def kept_by_log_metrics_2(text):
        eval(text)  # expect: code-injection

    kept_by_log_metrics_2(untrusted())


def decorator_of_data_classes():
    @aws_lambda_powertools.utilities.data_classes.event_source("/")
    def kept_by_event_source(text):
        eval(text)  # expect: code-injection

    kept_by_event_source(untrusted())


def decorator_of_resolver(resolver: aws_lambda_powertools.event_handler.APIGatewayRestResolver):
    @resolver.get("/")
    def kept_by_get(text):
        eval(text)  # expect: code-injection

    kept_by_get(untrusted())


def decorator_of_chalice(the_chalice: chalice.Chalice):
    @the_chalice.route("/")
    def kept_by_route(text):
        eval(text)  # expect: code-injection

    kept_by_route(untrusted())


def decorator_of_function_app(function_app: azure.functions.FunctionApp):
    @function_app.route("/")
    def kept_by_route_2(text):
        eval(text)  # expect: code-injection

    kept_by_route_2(untrusted())


def decorator_of_functions_framework():
    @functions_framework.http
    def kept_by_http(text):
        eval(text)  # expect: code-injection

    kept_by_http(untrusted())


def sinks_of_azure_functions():
    azure.functions.HttpResponse(untrusted(), mimetype="text/html")  # expect: cross-site-scripting


def sinks_of_functions_framework():
    @functions_framework.http
    def on_http_3():
        return untrusted()  # expect: cross-site-scripting


the_resolver = aws_lambda_powertools.event_handler.APIGatewayRestResolver()


@the_resolver.get("/orders/<number>")
def show_order(number):
    os.system(the_resolver.current_event.json_body["command"])  # expect: command-injection
    sqlite3.connect("orders").execute("SELECT * FROM orders WHERE number = ?", (number,))
    return {"number": number}


@aws_lambda_powertools.utilities.data_classes.event_source(data_class=aws_lambda_powertools.utilities.data_classes.SQSEvent)
def on_queue(event: aws_lambda_powertools.utilities.data_classes.SQSEvent, context):
    for record in event.records:
        os.system(record.body)  # expect: command-injection
        os.system(context.function_name)


the_functions = azure.functions.FunctionApp()


@the_functions.route(route="greeting")
def greeting(req):
    name = req.params.get("name")
    if name == "page":
        return azure.functions.HttpResponse(f"<p>{name}</p>", mimetype="text/html")
    if req.method == "POST":
        return azure.functions.HttpResponse(f"<p>{name}</p>", mimetype="text/html")  # expect: cross-site-scripting
    return azure.functions.HttpResponse(f"Hello {name}")


the_chalice = chalice.Chalice("example")


@the_chalice.route("/things", methods=["POST"])
def things():
    os.system(the_chalice.current_request.json_body["command"])  # expect: command-injection
    sqlite3.connect("things").execute("INSERT INTO things VALUES (?)", (the_chalice.current_request.raw_body,))
    return {}

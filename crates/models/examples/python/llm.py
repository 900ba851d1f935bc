"""Clients and toolkits of language models: OpenAI, Anthropic, Google's, Ollama, LiteLLM, LangChain, LlamaIndex, and the Model Context Protocol."""

import agents
import anthropic
import fastmcp
import google.genai
import google.generativeai
import json
import langchain.agents
import langchain.chains
import langchain.chat_models
import langchain.llms
import langchain_anthropic
import langchain_community.chat_models
import langchain_community.document_loaders
import langchain_community.llms
import langchain_community.utilities
import langchain_community.vectorstores
import langchain_core.language_models
import langchain_core.language_models.chat_models
import langchain_core.prompts
import langchain_core.tools
import langchain_experimental.utilities
import langchain_google_genai
import langchain_ollama
import langchain_openai
import litellm
import llama_index.core
import llama_index.core.base.base_query_engine
import llama_index.core.llms
import llama_index.core.tools
import llama_index.llms.openai
import mcp.server
import mcp.server.fastmcp
import mcp.server.lowlevel
import mcp.server.mcpserver
import ollama
import openai
import os
import requests
import subprocess

from flask import request


def untrusted():
    return request.args["data"]


class OwnBaseTool(langchain_core.tools.BaseTool):
    def _run(self, value):
        eval(value)  # expect: code-injection


def classes():
    return [
        openai.OpenAI,
        openai.AsyncOpenAI,
        anthropic.Anthropic,
        anthropic.AsyncAnthropic,
        google.genai.Client,
        google.generativeai.GenerativeModel,
        langchain_core.language_models.BaseLanguageModel,
        langchain_core.language_models.chat_models.BaseChatModel,
        langchain_openai.ChatOpenAI,
        langchain_anthropic.ChatAnthropic,
        langchain_google_genai.ChatGoogleGenerativeAI,
        langchain_ollama.ChatOllama,
        langchain_community.chat_models.ChatOpenAI,
        langchain_community.llms.OpenAI,
        langchain.chat_models.ChatOpenAI,
        langchain.llms.OpenAI,
        langchain.chains.LLMChain,
        langchain.agents.AgentExecutor,
        langchain_community.utilities.SQLDatabase,
        llama_index.core.llms.LLM,
        llama_index.llms.openai.OpenAI,
        llama_index.core.base.base_query_engine.BaseQueryEngine,
        mcp.server.fastmcp.FastMCP,
        mcp.server.mcpserver.MCPServer,
        fastmcp.FastMCP,
        mcp.server.MCPServer,
        mcp.server.Server,
        mcp.server.lowlevel.Server,
    ]


def types_of_langchain_chat_models():
    langchain.chat_models.init_chat_model()


def types_of_model(model: langchain_core.language_models.BaseLanguageModel):
    model.bind()


def types_of_langchain_community_utilities():
    langchain_community.utilities.SQLDatabase.from_uri()


def types_of_llama_index_core():
    llama_index.core.VectorStoreIndex().as_query_engine()
    llama_index.core.VectorStoreIndex.from_documents().as_query_engine()


def sources_of_open_ai(open_ai: openai.OpenAI):
    eval(open_ai.chat.completions.create())  # expect: code-injection
    eval(open_ai.beta.chat.completions.parse())  # expect: code-injection
    eval(open_ai.responses.create())  # expect: code-injection


async def sources_of_async_open_ai(async_open_ai: openai.AsyncOpenAI):
    eval((await async_open_ai.chat.completions.create()))  # expect: code-injection
    eval((await async_open_ai.responses.create()))  # expect: code-injection


def sources_of_openai():
    eval(openai.ChatCompletion.create())  # expect: code-injection
    eval(openai.chat.completions.create())  # expect: code-injection


def sources_of_anthropic(the_anthropic: anthropic.Anthropic):
    eval(the_anthropic.messages.create())  # expect: code-injection
    eval(the_anthropic.messages.stream().text_stream[0])  # expect: code-injection


async def sources_of_async_anthropic(async_anthropic: anthropic.AsyncAnthropic):
    eval((await async_anthropic.messages.create()))  # expect: code-injection


async def sources_of_client(client: google.genai.Client):
    eval(client.models.generate_content())  # expect: code-injection
    eval((await client.aio.models.generate_content()))  # expect: code-injection


def sources_of_generative_model(generative_model: google.generativeai.GenerativeModel):
    eval(generative_model.generate_content())  # expect: code-injection


def sources_of_ollama():
    eval(ollama.chat())  # expect: code-injection


async def sources_of_litellm():
    eval(litellm.completion())  # expect: code-injection
    eval((await litellm.acompletion()))  # expect: code-injection


async def sources_of_model(model: langchain_core.language_models.BaseLanguageModel):
    eval(model.invoke())  # expect: code-injection
    eval((await model.ainvoke()))  # expect: code-injection
    eval(model.stream()[0])  # expect: code-injection
    eval(model())  # expect: code-injection


async def sources_of_chain(chain: langchain.chains.LLMChain):
    eval(chain.invoke())  # expect: code-injection
    eval((await chain.ainvoke()))  # expect: code-injection


def sources_of_langchain_core_tools():
    @langchain_core.tools.tool
    def on_tool(value):
        eval(value)  # expect: code-injection


def sources_of_langchain_core_tools_2():
    @langchain_core.tools.tool("/")
    def on_tool_2(value):
        eval(value)  # expect: code-injection


async def sources_of_llm(llm: llama_index.core.llms.LLM):
    eval(llm.complete())  # expect: code-injection
    eval((await llm.acomplete()))  # expect: code-injection


def sources_of_query_engine(query_engine: llama_index.core.base.base_query_engine.BaseQueryEngine):
    eval(query_engine.query())  # expect: code-injection


def sources_of_llama_index_core_tools():
    @llama_index.core.tools.FunctionTool.from_defaults
    def on_from_defaults(value):
        eval(value)  # expect: code-injection


def sources_of_agents():
    @agents.function_tool
    def on_function_tool(value):
        eval(value)  # expect: code-injection


def sources_of_agents_2():
    @agents.function_tool("/")
    def on_function_tool_2(value):
        eval(value)  # expect: code-injection


def sources_of_fast_mcp(fast_mcp: mcp.server.fastmcp.FastMCP):
    @fast_mcp.tool
    def on_tool_3(value):
        eval(value)  # expect: code-injection


def sources_of_fast_mcp_2(fast_mcp: mcp.server.fastmcp.FastMCP):
    @fast_mcp.tool("/")
    def on_tool_4(value):
        eval(value)  # expect: code-injection


def sources_of_server(server: mcp.server.Server):
    @server.call_tool("/")
    def on_call_tool(value):
        eval(value)  # expect: code-injection


def entries_of_fast_mcp(fast_mcp: mcp.server.fastmcp.FastMCP):
    @fast_mcp.tool
    def on_tool_5():
        return ""


def entries_of_fast_mcp_2(fast_mcp: mcp.server.fastmcp.FastMCP):
    @fast_mcp.tool("/")
    def on_tool_6():
        return ""


def entries_of_server(server: mcp.server.Server):
    @server.call_tool("/")
    def on_call_tool_2():
        return ""


def decorator_of_agents():
    @langchain_core.tools.tool
    def kept_by_tool(text):
        eval(text)  # expect: code-injection

    kept_by_tool(untrusted())


def decorator_of_agents_2():
    @langchain_core.tools.tool("/")
    def kept_by_tool_2(text):
        eval(text)  # expect: code-injection

    kept_by_tool_2(untrusted())


def decorator_of_agents_3():
    @agents.function_tool
    def kept_by_function_tool(text):
        eval(text)  # expect: code-injection

    kept_by_function_tool(untrusted())


def decorator_of_agents_4():
    @agents.function_tool("/")
    def kept_by_function_tool_2(text):
        eval(text)  # expect: code-injection

    kept_by_function_tool_2(untrusted())


def decorator_of_fast_mcp(fast_mcp: mcp.server.fastmcp.FastMCP):
    @fast_mcp.tool
    def kept_by_tool_3(text):
        eval(text)  # expect: code-injection

    kept_by_tool_3(untrusted())


def decorator_of_fast_mcp_2(fast_mcp: mcp.server.fastmcp.FastMCP):
    @fast_mcp.tool("/")
    def kept_by_tool_4(text):
        eval(text)  # expect: code-injection

    kept_by_tool_4(untrusted())


def decorator_of_server(server: mcp.server.Server):
    @server.call_tool("/")
    def kept_by_call_tool(text):
        eval(text)  # expect: code-injection

    kept_by_call_tool(untrusted())


def sinks_of_langchain_experimental_utilities():
    langchain_experimental.utilities.PythonREPL().run(untrusted())  # expect: code-injection


def sinks_of_sqldatabase(sqldatabase: langchain_community.utilities.SQLDatabase):
    sqldatabase.run(untrusted())  # expect: sql-injection


def sinks_of_langchain_community_vectorstores():
    langchain_community.vectorstores.FAISS.load_local(untrusted(), allow_dangerous_deserialization=True)  # expect: unsafe-deserialization


def sinks_of_langchain_community_document_loaders():
    langchain_community.document_loaders.WebBaseLoader(untrusted())  # expect: server-side-request-forgery
    langchain_community.document_loaders.RecursiveUrlLoader(untrusted())  # expect: server-side-request-forgery
    langchain_community.document_loaders.UnstructuredURLLoader(untrusted())  # expect: server-side-request-forgery
    langchain_community.document_loaders.TextLoader(untrusted())  # expect: path-traversal
    langchain_community.document_loaders.DirectoryLoader(untrusted())  # expect: path-traversal


def sinks_of_langchain_core_prompts():
    langchain_core.prompts.PromptTemplate.from_template(untrusted(), template_format="jinja2")  # expect: template-injection


def sinks_of_llama_index_core():
    llama_index.core.SimpleDirectoryReader(untrusted())  # expect: path-traversal


def sinks_of_openai():
    openai.OpenAI(base_url=untrusted())  # expect: server-side-request-forgery


the_client = openai.OpenAI()


def answers():
    answer = the_client.chat.completions.create(model="m", messages=[{"role": "user", "content": "?"}])
    text = answer.choices[0].message.content
    exec(text)  # expect: code-injection
    os.system(text)  # expect: command-injection
    wanted = json.loads(text)
    if wanted["action"] in ("list", "show"):
        os.system("tool " + wanted["action"])
    requests.get(text)


@langchain_core.tools.tool
def run_in_shell(command: str) -> str:
    return subprocess.run(command, shell=True)  # expect: command-injection


@langchain_core.tools.tool
def run_listed(name: str) -> str:
    return subprocess.run({"disk": "df", "memory": "free"}[name], shell=True)


the_server = fastmcp.FastMCP("files")


@the_server.tool()
def read_file(path: str) -> str:
    return open(path).read()  # expect: path-traversal


@the_server.tool
def read_note(name: str) -> str:
    return open(os.path.join("/srv/notes", os.path.basename(name))).read()

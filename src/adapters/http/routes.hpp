#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "application/parameters.hpp"
#include "application/task.hpp"
#include "domain/time.hpp"
#include "wire/message.hpp"

namespace rag::http {

class Handlers;

/// An admitted request with its body, as handlers get it.
struct Call {
    wire::Request& request;  // A handler may take its body away.
    std::string_view query;
    std::string_view path_id;
    const CallContext& context;
};

using HandlerFunction = Task<wire::Response> (Handlers::*)(const Call&);

/// What kind of work a route is; decides its timeout and whether it waits for the store to open.
/// `page`: needs nothing stored. `mcp`: both kinds of calls, told apart behind it.
enum class RouteClass : std::uint8_t { probe, page, read, write, stream, mcp };

struct OpenApiFacts;
using DescribeParameters = DescribedParameters (*)(const OpenApiFacts&);

/// One row of the route table, from which the router, `Allow` and /openapi.json are made.
struct Route {
    std::string_view method;
    std::string_view path;  // "{id}" stands for one segment.
    HandlerFunction handler;
    RouteClass kind;
    bool checks_host;           // Host and Origin; not where kubelets and scrapers call.
    std::string_view consumes;  // Media type of the body; "": none is read.
    std::string_view produces;
    // For /openapi.json:
    std::string_view operation;
    std::string_view summary;
    DescribeParameters parameters;     // Of the query string; nullptr: none.
    std::string_view request_schema;   // Of web/openapi_schemas.json.
    std::string_view response_schema;  // Alike; "": no JSON.
    int success_status;
};

std::span<const Route> routes();

/// The route of a method and a path.
struct RouteMatch {
    const Route* route = nullptr;
    std::string_view segment;  // What stood for "{id}", still encoded.
    bool path_known = false;   // Some method has this path.
    std::string_view pattern;  // Template of the path, if it is known.
};
RouteMatch match_route(std::string_view method, std::string_view path);

/// "GET, HEAD, POST": what may be asked of a path.
std::string allowed_methods(std::string_view path);

/// Methods of RFC 9110 and PATCH; any other is not implemented.
bool is_known_method(std::string_view method);

}  // namespace rag::http

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "application/parameters.hpp"
#include "application/task.hpp"
#include "domain/time.hpp"
#include "wire/stream.hpp"

namespace rag::http {

class Handlers;

/// What stood in a path for the "{name}" of its template, decoded, in order.
class PathValues {
public:
    void add(std::string_view name, std::string value) {
        values_.emplace_back(name, std::move(value));
    }
    /// Empty: the template has no such place.
    std::string_view operator[](std::string_view name) const;
    std::size_t size() const { return values_.size(); }

private:
    std::vector<std::pair<std::string_view, std::string>> values_;
};

/// An admitted request, as handlers get it.
struct Call {
    wire::Request& request;  // A handler may take its body away; of a streamed one it is empty.
    std::string_view query;
    const PathValues& path;
    const CallContext& context;
};

/// A handler takes a body and gives an answer as wholes, or both piece by piece; false: they could
/// not be brought to their end.
using WholeFunction = Task<wire::Response> (Handlers::*)(const Call&);
using StreamFunction = Task<bool> (Handlers::*)(const Call&, wire::BodySource&, wire::AnswerSink&);
using HandlerFunction = std::variant<WholeFunction, StreamFunction>;

/// What kind of work a route is; decides its timeout and whether it waits for the store to open.
/// `page`: needs nothing stored. `mcp`: both kinds of calls, told apart behind it.
enum class RouteClass : std::uint8_t { probe, page, read, write, mcp };

struct OpenApiFacts;
using DescribeParameters = DescribedParameters (*)(const OpenApiFacts&);

/// One row of the route table, from which the router, `Allow` and /openapi.json are made.
struct Route {
    std::string_view method;
    /// "{name}" stands for one segment, "{name...}" at the end for all that follow.
    std::string_view path;
    HandlerFunction handler;
    RouteClass kind;
    bool checks_host;           // Host and Origin; not where kubelets and scrapers call.
    std::string_view consumes;  // Media type of the body; "": none is read.
    std::string_view produces;
    // For /openapi.json:
    std::string_view operation;
    std::string_view summary;
    DescribeParameters parameters;  // Of the query string; nullptr: none.
    /// A name of web/openapi_schemas.json, or a schema of this route alone: a JSON object.
    std::string_view request_schema;
    std::string_view response_schema;  // Alike; "": no JSON.
    int success_status;
};

std::span<const Route> routes();

/// The route of a method and a path. Where several templates fit, the one that spells out more of
/// the path wins, segment by segment from its begin: text, then "{name}", then "{name...}".
struct RouteMatch {
    const Route* route = nullptr;
    bool path_known = false;   // Some method has this path.
    std::string_view pattern;  // The best template of the path, if it is known.
};
RouteMatch match_route(std::string_view method, std::string_view path);

/// The values of a path that fits the template.
PathValues path_values(std::string_view pattern, std::string_view path);

/// "GET, HEAD, POST": what may be asked of a path.
std::string allowed_methods(std::string_view path);

/// Methods of RFC 9110 and PATCH; any other is not implemented.
bool is_known_method(std::string_view method);

}  // namespace rag::http

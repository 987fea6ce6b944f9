#include "http/verify_route.hpp"

#include "encoding/json.hpp"
#include "wire/problem.hpp"

namespace rag::http {
namespace {

std::string render(const VerifyReport& report) {
    encoding::JsonWriter out;
    out.begin_object();
    out.flag("whole", report.problems.empty());
    out.member("conversations", report.counts.conversations);
    out.member("messages", report.counts.messages);
    out.member("chunks", report.counts.chunks);
    out.member("chunks_without_embedding", report.counts.chunks_without_embedding);
    out.key("problems").begin_array();
    for (const std::string& problem : report.problems) out.string(problem);
    out.end_array();
    out.end_object();
    return out.take();
}

Task<wire::Response> answer_verify(
    VerifyStore& verify, wire::Request request, CallContext context
) {
    const Result<VerifyReport> report = co_await verify.run(context);
    if (report) co_return wire::json_response(200, render(*report));
    const wire::ProblemPlace place{request.target, context.trace.id};
    co_return wire::problem_response(report.error(), place);
}

}  // namespace

wire::Handler verify_handler(VerifyStore& verify) {
    return [&verify](wire::Request request, CallContext context) {
        return answer_verify(verify, std::move(request), std::move(context));
    };
}

}  // namespace rag::http

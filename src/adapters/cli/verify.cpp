#include "commands.hpp"
#include "rest.hpp"
#include "wire/problem.hpp"

namespace rag::cli {
namespace {

std::string render(const VerifyReport& report) {
    wire::JsonWriter out;
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
    ConversationRepository& repository, wire::Request request, CallContext context
) {
    const Result<VerifyReport> report = co_await repository.verify(context);
    if (report) co_return wire::json_response(200, render(*report));
    const wire::ProblemPlace place{request.target, context.trace.id};
    co_return wire::problem_response(report.error(), place);
}

}  // namespace

wire::Handler verify_handler(ConversationRepository& repository) {
    return [&repository](wire::Request request, CallContext context) {
        return answer_verify(repository, std::move(request), std::move(context));
    };
}

int verify(const Session& session) {
    int exit_code = kDone;
    const std::optional<wire::Response> response =
        call_api(session.api, get_request(kVerifyTarget), session.terminal.err, exit_code);
    if (!response) return exit_code;
    const Result<wire::Value> report = read_json(response->body);
    if (!report) return tell(report.error(), session.terminal.err);
    const bool whole = flag_of(*report, "whole");
    if (session.json) {
        session.terminal.out << response->body << "\n";
        return whole ? kDone : kFailed;
    }
    const wire::Value* problems = report->find("problems");
    if (problems != nullptr && problems->array() != nullptr) {
        for (const wire::Value& problem : *problems->array()) {
            if (problem.string() != nullptr) session.terminal.err << *problem.string() << "\n";
        }
    }
    session.terminal.out << (whole ? "the store is whole: " : "the store is damaged: ")
                         << text_of(*report, "conversations") << " conversations, "
                         << text_of(*report, "messages") << " messages, "
                         << text_of(*report, "chunks") << " chunks\n";
    return whole ? kDone : kFailed;
}

}  // namespace rag::cli

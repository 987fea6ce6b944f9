#include "commands.hpp"
#include "rest.hpp"

namespace rag::cli {
int verify(const Session& session) {
    int exit_code = kDone;
    const std::optional<wire::Response> response = call_api(
        session.api, get_request(std::string(wire::kVerifyTarget)), session.terminal.err, exit_code
    );
    if (!response) return exit_code;
    const Result<encoding::Value> report = read_json(response->body);
    if (!report) return tell(report.error(), session.terminal.err);
    const bool whole = flag_of(*report, "whole");
    if (session.json) {
        session.terminal.out << response->body << "\n";
        return whole ? kDone : kFailed;
    }
    const encoding::Value* problems = report->find("problems");
    if (problems != nullptr && problems->array() != nullptr) {
        for (const encoding::Value& problem : *problems->array()) {
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

#include <cstdio>
#include <cstdlib>

#include "commands.hpp"
#include "rest.hpp"
#include "table.hpp"

namespace rag::cli {
namespace {

constexpr std::size_t kTextCharactersMax = 600;

/// As much of it as tells people something; programs have all of it by --json.
std::string two_decimals(const std::string& number) {
    char text[32];
    std::snprintf(text, sizeof(text), "%.2f", std::strtod(number.c_str(), nullptr));
    return text;
}

void print_row(std::ostream& out, std::size_t number, const encoding::Value& row) {
    // The rollback pipeline's rows tell a distance and name their text otherwise.
    const bool legacy = row.find("chunk_text") != nullptr;
    out << number << ". " << (legacy ? "distance " : "score ")
        << two_decimals(text_of(row, legacy ? "relevance_score" : "score")) << "  conversation "
        << text_of(row, "conversation_id");
    if (!legacy) out << ", message " << text_of(row, "message_start");
    for (const char* name : {"timestamp", "scenario_title", "original_title"}) {
        const std::string text = one_line(text_of(row, name), 60);
        if (!text.empty()) out << "  " << text;
    }
    out << "\n   " << one_line(text_of(row, legacy ? "chunk_text" : "text"), kTextCharactersMax)
        << "\n";
    if (const encoding::Value* explain = row.find("explain"))
        out << "   " << explain->to_json() << "\n";
    const encoding::Value* context = row.find("context");
    if (context == nullptr || context->array() == nullptr) return;
    for (const encoding::Value& message : *context->array()) {
        out << "     [" << text_of(message, "index") << "] "
            << one_line(text_of(message, "author_name"), 30) << ": "
            << one_line(text_of(message, "content"), kTextCharactersMax) << "\n";
    }
}

void print_answer(const Terminal& terminal, const encoding::Value& answer) {
    const encoding::Value* results = answer.find("results");
    std::size_t number = 0;
    if (results != nullptr && results->array() != nullptr) {
        for (const encoding::Value& row : *results->array()) print_row(terminal.out, ++number, row);
    }
    if (number == 0) terminal.err << "nothing found\n";
    if (flag_of(answer, "degraded")) {
        terminal.err << "searched by words alone: the embedding model is not available\n";
    }
    const std::string cursor = text_of(answer, "next_cursor");
    if (!cursor.empty()) terminal.err << "more with --cursor " << cursor << "\n";
}

}  // namespace

int search(const Session& session, const GivenParameters& given) {
    int exit_code = kDone;
    const std::optional<wire::Response> response = call_api(
        session.api,
        post_request("/search", "application/json", json_body(given)),
        session.terminal.err,
        exit_code
    );
    if (!response) return exit_code;
    if (session.json) {
        session.terminal.out << response->body << "\n";
        return kDone;
    }
    const Result<encoding::Value> answer = read_json(response->body);
    if (!answer) return tell(answer.error(), session.terminal.err);
    print_answer(session.terminal, *answer);
    return kDone;
}

}  // namespace rag::cli

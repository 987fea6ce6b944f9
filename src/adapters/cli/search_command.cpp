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

void print_passage(std::ostream& out, std::size_t number, const encoding::Value& passage) {
    out << number << ". score " << two_decimals(text_of(passage, "score")) << "  conversation "
        << text_of(passage, "conversation_id");
    const std::string title = one_line(text_of(passage, "title"), 60);
    if (!title.empty()) out << "  " << title;
    out << "\n";
    for (const encoding::Value& message : *passage.find("messages")->array()) {
        const std::string author = text_of(message, "author");
        out << (flag_of(message, "hit") ? " > [" : "   [") << text_of(message, "index") << "] "
            << one_line(author.empty() ? text_of(message, "type") : author, 30) << ": "
            << one_line(text_of(message, "text"), kTextCharactersMax) << "\n";
    }
    const encoding::Value* explain = passage.find("explain");
    if (explain != nullptr) out << "   " << explain->to_json() << "\n";
}

bool is_passage(const encoding::Value& row) {
    const encoding::Value* messages = row.find("messages");
    return messages != nullptr && messages->array() != nullptr;
}

/// People read passages, unless they ask for something else.
std::string search_body(const GivenParameters& given) {
    std::string body = json_body(given);
    for (const GivenParameter& each : given) {
        if (each.parameter->names.body == "shape") return body;
    }
    body.insert(1, given.empty() ? R"("shape":"passages")" : R"("shape":"passages",)");
    return body;
}

void print_answer(const Terminal& terminal, const encoding::Value& answer) {
    const encoding::Value* results = answer.find("results");
    std::size_t number = 0;
    if (results != nullptr && results->array() != nullptr) {
        for (const encoding::Value& row : *results->array()) {
            (is_passage(row) ? print_passage : print_row)(terminal.out, ++number, row);
        }
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
        post_request("/search", "application/json", search_body(given)),
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

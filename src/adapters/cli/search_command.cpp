#include <cstdio>
#include <cstdlib>

#include "commands.hpp"
#include "rest.hpp"
#include "table.hpp"

namespace rag::cli {
namespace {

constexpr std::size_t kTextCharactersMax = 600;

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
    return text;
}

void write_text(
    encoding::JsonWriter& out, std::string_view name, const std::optional<std::string>& value
) {
    if (value) out.member(name, std::string_view(*value));
}

void write_integer(
    encoding::JsonWriter& out, std::string_view name, const std::optional<std::int64_t>& value
) {
    if (value) out.member(name, *value);
}

std::string search_body(const SearchArguments& arguments) {
    encoding::JsonWriter out;
    out.begin_object();
    out.member("query", std::string_view(joined(arguments.query)));
    write_integer(out, "top_k", arguments.top_k);
    out.key("filters").begin_object();
    write_text(out, "author_name", arguments.filter.author_name);
    write_text(out, "author_type", arguments.filter.author_type);
    write_text(out, "scenario_title", arguments.filter.scenario_title);
    write_text(out, "conversation_id", arguments.filter.conversation_id);
    write_text(out, "date_from", arguments.filter.date_from);
    write_text(out, "date_to", arguments.filter.date_to);
    if (arguments.min_score) out.key("min_score").real(*arguments.min_score);
    out.end_object();
    write_text(out, "mode", arguments.mode);
    write_integer(out, "context", arguments.context);
    write_integer(out, "max_tokens", arguments.max_tokens);
    write_text(out, "cursor", arguments.cursor);
    if (arguments.explain) out.flag("explain", true);
    out.end_object();
    return out.take();
}

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

int search(const Session& session, const SearchArguments& arguments) {
    int exit_code = kDone;
    const std::optional<wire::Response> response = call_api(
        session.api,
        post_request("/search", "application/json", search_body(arguments)),
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

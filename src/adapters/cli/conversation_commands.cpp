#include "commands.hpp"
#include "encoding/url.hpp"
#include "rest.hpp"
#include "screen.hpp"
#include "table.hpp"

namespace rag::cli {
namespace {

constexpr std::size_t kTitleCharactersMax = 60;

/// What a call answered.
struct Answered {
    wire::Response response;
    encoding::Value value;  // For people; where JSON is wanted it has been printed.
};

std::optional<Answered> ask(const Session& session, wire::Request request, int& exit_code) {
    const Terminal& terminal = session.terminal;
    std::optional<wire::Response> response;
    if (session.json && request.method == "GET") {
        response = print_api(session.api, std::move(request), terminal, exit_code);
    } else {
        response = call_api(session.api, std::move(request), terminal.err, exit_code);
        if (response && session.json) terminal.out << response->body << "\n";
    }
    if (!response) return std::nullopt;
    if (session.json) return Answered{std::move(*response), {}};
    Result<encoding::Value> value = read_json(response->body);
    if (value) return Answered{std::move(*response), std::move(*value)};
    exit_code = tell(value.error(), terminal.err);
    return std::nullopt;
}

/// The same where only the value counts, and only for people.
std::optional<encoding::Value> answer_for_people(
    const Session& session, wire::Request request, int& exit_code
) {
    std::optional<Answered> answered = ask(session, std::move(request), exit_code);
    if (!answered || session.json) return std::nullopt;
    return std::move(answered->value);
}

/// The cursor in `Link: <...cursor=X>; rel="next"`, which is the last parameter there; empty: none.
std::string next_cursor(const wire::Response& response) {
    constexpr std::string_view kName = "cursor=";
    const std::string_view link = response.header("Link");
    const std::size_t at = link.rfind(kName);
    if (at == std::string_view::npos) return {};
    const std::string_view rest = link.substr(at + kName.size());
    return encoding::percent_decode(rest.substr(0, rest.find('>')), true).value_or("");
}

/// When it took place: its last message, as far as messages tell a time; else when it was stored.
std::string own_time(const encoding::Value& row) {
    for (const char* name : {"last_message_at", "first_message_at", "created_at"}) {
        const std::string time = text_of(row, name);
        if (!time.empty()) return local_time(time);
    }
    return {};
}

std::string title(const encoding::Value& row) {
    const std::string scenario = one_line(text_of(row, "scenario_title"), kTitleCharactersMax);
    const std::string original = one_line(text_of(row, "original_title"), kTitleCharactersMax);
    return scenario + (scenario.empty() || original.empty() ? "" : " / ") + original;
}

void print_conversations(const Terminal& terminal, const encoding::Value::Array& rows) {
    Table table({"ID", "TIME", "MESSAGES", "CHUNKS", "TITLE"});
    for (const encoding::Value& row : rows) {
        table.add({
            text_of(row, "id"),
            own_time(row),
            text_of(row, "message_count"),
            text_of(row, "chunk_count"),
            title(row),
        });
    }
    table.print(terminal.out, terminal.columns);
}

std::string conversation_target(const std::string& id) {
    return "/conversations/" + encoding::percent_encode(id);
}

std::string speaker(const encoding::Value& message) {
    std::string name = text_of(message, "author_name");
    if (name.empty()) name = text_of(message, "author_type");
    return name.empty() ? "Unknown" : one_line(name, kTitleCharactersMax);
}

constexpr std::size_t kIndent = 4;

/// Text as it was said, but for what would steer the terminal.
std::string printable(std::string_view text, std::size_t columns) {
    std::string out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string line = one_line(text.substr(0, end), text.size());
        // What fits stays as it is, so that code keeps its columns.
        const bool fits = columns == 0 || kIndent + width_of(line) <= columns;
        out += (fits ? line : wrapped(line, columns, kIndent, kIndent)) + "\n";
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!text.empty()) out += std::string(kIndent, ' ');
    }
    return out;
}

void print_messages(const Terminal& terminal, const encoding::Value& page) {
    const encoding::Value* messages = page.find("messages");
    if (messages == nullptr || messages->array() == nullptr) return;
    for (const encoding::Value& message : *messages->array()) {
        terminal.out << "[" << text_of(message, "index") << "] "
                     << strong(speaker(message), terminal);
        const std::string time = local_time(text_of(message, "timestamp"));
        if (!time.empty()) terminal.out << " (" << time << ")";
        terminal.out << "\n"
                     << std::string(kIndent, ' ')
                     << printable(text_of(message, "content"), terminal.columns);
    }
}

}  // namespace

int list(const Session& session, const GivenParameters& given) {
    int exit_code = kDone;
    std::ostream& err = session.terminal.err;
    const std::optional<Answered> answer =
        ask(session, get_request("/conversations" + query_string(given)), exit_code);
    if (!answer) return exit_code;
    if (const encoding::Value::Array* rows = answer->value.array()) {
        if (rows->empty()) {
            err << "no conversations\n";
        } else {
            print_conversations(session.terminal, *rows);
        }
    }
    // The JSON has no place for it, so it is told there, too.
    const std::string cursor = next_cursor(answer->response);
    if (!cursor.empty()) err << "more with --cursor " << cursor << "\n";
    return exit_code;
}

int show(const Session& session, const ShowArguments& arguments) {
    int exit_code = kDone;
    const std::string target = conversation_target(arguments.id);
    const std::string part = target + "/messages" + query_string(arguments.part);
    if (session.json) {
        // The whole has the shape of GET /conversations/{id}, a part that of its messages.
        const std::string& wanted = arguments.part.empty() ? target : part;
        answer_for_people(session, get_request(wanted), exit_code);
        return exit_code;
    }
    const std::optional<encoding::Value> header =
        answer_for_people(session, get_request(target), exit_code);
    if (!header) return exit_code;
    const std::optional<encoding::Value> page =
        answer_for_people(session, get_request(part), exit_code);
    if (!page) return exit_code;
    std::ostream& out = session.terminal.out;
    for (const char* name : {"id", "scenario_title", "original_title", "url", "created_at"}) {
        const std::string text = local_time(one_line(text_of(*header, name), 2'048));
        if (!text.empty()) out << name << ": " << text << "\n";
    }
    out << "messages: " << text_of(*page, "total") << "\n\n";
    print_messages(session.terminal, *page);
    return kDone;
}

}  // namespace rag::cli

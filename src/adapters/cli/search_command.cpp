#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "application/search_conversations.hpp"
#include "commands.hpp"
#include "rest.hpp"
#include "screen.hpp"
#include "table.hpp"

namespace rag::cli {
namespace {

constexpr std::size_t kTextColumnsMax = 600;
constexpr std::size_t kNameCharactersMax = 60;

/// As much of it as tells people something; programs have all of it by --json.
std::string two_decimals(const std::string& number) {
    char text[32];
    std::snprintf(text, sizeof(text), "%.2f", std::strtod(number.c_str(), nullptr));
    return text;
}

/// What a row is printed with.
struct Page {
    const Terminal& terminal;
    std::vector<std::string> words;  // Of the question.
};

/// "Ana: where?", the speaker and the words of the question standing out.
std::string said(const Page& page, const std::string& speaker, const std::string& text) {
    return strong(speaker, page.terminal) + with_hits(text, page.words, page.terminal);
}

/// A text that begins with who said it, as chunks do.
void print_text(const Page& page, const encoding::Value& row, const std::string& whole) {
    constexpr std::size_t kIndent = 3;
    const std::string text = shortened(one_line(whole, whole.size()), kTextColumnsMax);
    const std::string lines = wrapped(text, page.terminal.columns, kIndent, kIndent);
    const std::string name = one_line(text_of(row, "author_name"), kNameCharactersMax) + ":";
    const std::size_t speaker = name.size() > 1 && lines.starts_with(name) ? name.size() : 0;
    page.terminal.out << std::string(kIndent, ' ')
                      << said(page, lines.substr(0, speaker), lines.substr(speaker)) << "\n";
}

void print_neighbour(const Page& page, const encoding::Value& message) {
    constexpr std::size_t kIndent = 5;
    const std::string text = text_of(message, "content");
    const std::string line = "[" + text_of(message, "index") + "] " +
                             one_line(text_of(message, "author_name"), kNameCharactersMax) + ": " +
                             shortened(one_line(text, text.size()), kTextColumnsMax);
    const std::string lines = wrapped(line, page.terminal.columns, kIndent, kIndent);
    page.terminal.out << std::string(kIndent, ' ') << faint(lines, page.terminal) << "\n";
}

/// Messages of a conversation that stand together, hits standing out.
void print_passage(const Page& page, std::size_t number, const encoding::Value& passage) {
    constexpr std::size_t kIndent = 5;
    std::string head = std::to_string(number) + ". score " +
                       two_decimals(text_of(passage, "score")) + "  conversation " +
                       text_of(passage, "conversation_id");
    const std::string title = one_line(text_of(passage, "title"), kNameCharactersMax);
    if (!title.empty()) head += "  " + title;
    page.terminal.out << wrapped(head, page.terminal.columns, 3, 0) << "\n";
    for (const encoding::Value& message : *passage.find("messages")->array()) {
        const std::string author = text_of(message, "author");
        const std::string who =
            one_line(author.empty() ? text_of(message, "type") : author, kNameCharactersMax);
        const std::string time = one_line(local_time(text_of(message, "time")), kNameCharactersMax);
        const std::string text = text_of(message, "text");
        const std::string speaker =
            "[" + text_of(message, "index") + "] " + who + (time.empty() ? "" : ", " + time) + ":";
        const std::string lines = wrapped(
            speaker + " " + shortened(one_line(text, text.size()), kTextColumnsMax),
            page.terminal.columns,
            kIndent,
            kIndent
        );
        const bool hit = flag_of(message, "hit");
        const std::size_t spoken = lines.starts_with(speaker) ? speaker.size() : 0;
        page.terminal.out << (hit ? "   > " : "     ")
                          << (hit ? said(page, lines.substr(0, spoken), lines.substr(spoken))
                                  : faint(lines, page.terminal))
                          << "\n";
    }
    if (const encoding::Value* explain = passage.find("explain")) {
        page.terminal.out << "   " << explain->to_json() << "\n";
    }
}

void print_row(const Page& page, std::size_t number, const encoding::Value& row) {
    // The rollback pipeline's rows tell a distance and name their text otherwise.
    const bool legacy = row.find("chunk_text") != nullptr;
    std::string head = std::to_string(number) + ". " + (legacy ? "distance " : "score ") +
                       two_decimals(text_of(row, legacy ? "relevance_score" : "score")) +
                       "  conversation " + text_of(row, "conversation_id");
    if (!legacy) head += ", message " + text_of(row, "message_start");
    for (const char* name : {"timestamp", "scenario_title", "original_title"}) {
        const std::string text = one_line(local_time(text_of(row, name)), 60);
        if (!text.empty()) head += "  " + text;
    }
    page.terminal.out << wrapped(head, page.terminal.columns, 3, 0) << "\n";
    print_text(page, row, text_of(row, legacy ? "chunk_text" : "text"));
    if (const encoding::Value* explain = row.find("explain")) {
        page.terminal.out << "   " << explain->to_json() << "\n";
    }
    const encoding::Value* context = row.find("context");
    if (context == nullptr || context->array() == nullptr) return;
    for (const encoding::Value& message : *context->array()) print_neighbour(page, message);
}

bool is_passage(const encoding::Value& row) {
    const encoding::Value* messages = row.find("messages");
    return messages != nullptr && messages->array() != nullptr;
}

/// People read passages with their context, as models do, unless they ask for something else.
std::string search_body(const GivenParameters& given) {
    const auto gives = [&given](std::string_view name) {
        return std::ranges::any_of(given, [name](const GivenParameter& each) {
            return each.parameter->names.body == name;
        });
    };
    std::string body = json_body(given);
    if (gives("shape")) return body;
    std::string defaults = R"("shape":"passages")";
    if (!gives("context")) {
        defaults += R"(,"context":)" + std::to_string(search_of_commands().context);
    }
    return body.insert(1, given.empty() ? defaults : defaults + ",");
}

/// Of filters whose value nothing has.
void tell_hints(const encoding::Value& answer, std::ostream& err) {
    const encoding::Value* hints = answer.find("hints");
    if (hints == nullptr || hints->array() == nullptr) return;
    for (const encoding::Value& hint : *hints->array()) {
        err << "nothing is stored with " << text_of(hint, "filter") << " \""
            << one_line(text_of(hint, "value"), kNameCharactersMax) << "\"";
        std::string nearest;
        for (const encoding::Value& value : *hint.find("nearest")->array()) {
            nearest += (nearest.empty() ? "; nearest: \"" : ", \"") +
                       one_line(*value.string(), kNameCharactersMax) + "\"";
        }
        err << nearest << "\n";
    }
}

void print_answer(const Page& page, const encoding::Value& answer) {
    const Terminal& terminal = page.terminal;
    const encoding::Value* results = answer.find("results");
    std::size_t number = 0;
    if (results != nullptr && results->array() != nullptr) {
        for (const encoding::Value& row : *results->array()) {
            (is_passage(row) ? print_passage : print_row)(page, ++number, row);
        }
    }
    if (number == 0) terminal.err << "nothing found\n";
    tell_hints(answer, terminal.err);
    if (flag_of(answer, "degraded")) {
        terminal.err << "degraded: some or all of it was searched by words alone; /health says "
                        "why, and what helps\n";
    }
    const std::string cursor = text_of(answer, "next_cursor");
    if (!cursor.empty()) terminal.err << "more with --cursor " << cursor << "\n";
}

/// The words that stand in no option.
std::string question_of(const GivenParameters& given) {
    for (const GivenParameter& each : given) {
        if (!each.parameter->names.command.starts_with("--")) return each.text;
    }
    return {};
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
    print_answer({session.terminal, words_of(question_of(given))}, *answer);
    return kDone;
}

}  // namespace rag::cli

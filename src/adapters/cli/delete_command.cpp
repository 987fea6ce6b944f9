#include <istream>

#include "commands.hpp"
#include "encoding/url.hpp"
#include "rest.hpp"
#include "table.hpp"

namespace rag::cli {
namespace {

constexpr std::size_t kTitleCharactersMax = 60;

std::string counted(const std::string& number, const std::string& unit) {
    return number + " " + unit + (number == "1" ? "" : "s");
}

/// "conversation 7 "Backups" (3 messages)"; nullopt: the call failed, or there is none.
std::optional<std::string> described(
    const Session& session, const std::string& id, int& exit_code
) {
    const std::string target =
        "/conversations?limit=1&conversation_id=" + encoding::percent_encode(id);
    Result<wire::Response> response = session.api.call(get_request(target));
    if (!response) {
        exit_code = tell(response.error(), session.terminal.err);
        return std::nullopt;
    }
    if (response->status == 400) return std::nullopt;  // No id: the deletion says so.
    if (response->status != 200) {
        exit_code = tell(*response, session.terminal.err);
        return std::nullopt;
    }
    const Result<encoding::Value> rows = read_json(response->body);
    if (!rows || rows->array() == nullptr || rows->array()->empty()) return std::nullopt;
    const encoding::Value& row = rows->array()->front();
    std::string title = text_of(row, "original_title");
    if (title.empty()) title = text_of(row, "scenario_title");
    std::string text = "conversation " + text_of(row, "id");
    if (!title.empty()) text += " \"" + one_line(title, kTitleCharactersMax) + "\"";
    return text + " (" + counted(text_of(row, "message_count"), "message") + ")";
}

/// Whether somebody says yes; also where nobody can be asked.
bool agreed(const Session& session, const DeleteArguments& arguments) {
    if (arguments.yes || session.terminal.answers == nullptr) return true;
    session.terminal.err << "Delete it for good? [y/N] " << std::flush;
    std::string answer;
    std::getline(*session.terminal.answers, answer);
    return answer == "y" || answer == "Y" || answer == "yes" || answer == "Yes";
}

}  // namespace

int remove(const Session& session, const DeleteArguments& arguments) {
    int exit_code = kDone;
    const Terminal& terminal = session.terminal;
    const std::optional<std::string> what = described(session, arguments.id, exit_code);
    if (!what && exit_code != kDone) return exit_code;
    // Where there is no such conversation, the answer to the deletion says so.
    if (what) {
        terminal.err << "deleting " << *what << " from the store in " << session.store << "\n";
        if (!agreed(session, arguments)) {
            terminal.err << "nothing was deleted\n";
            return kFailed;
        }
    }
    wire::Request request = get_request("/conversations/" + encoding::percent_encode(arguments.id));
    request.method = "DELETE";
    const std::optional<wire::Response> response =
        call_api(session.api, std::move(request), terminal.err, exit_code);
    if (!response) return exit_code;
    if (session.json) {
        terminal.out << response->body << "\n";
        return kDone;
    }
    const Result<encoding::Value> answer = read_json(response->body);
    if (!answer) return tell(answer.error(), terminal.err);
    terminal.out << "deleted "
                 << what.value_or("conversation " + text_of(*answer, "conversation_id")) << ", "
                 << counted(text_of(*answer, "chunks_deleted"), "chunk") << "\n";
    return kDone;
}

}  // namespace rag::cli

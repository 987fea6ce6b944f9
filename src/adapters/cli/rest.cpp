#include "rest.hpp"

#include "cli/command_line.hpp"

namespace rag::cli {
namespace {

int exit_code_of_status(int status) {
    if (status == 400) return kUsage;
    const bool again = status == 408 || status == 409 || status == 429 || status == 503;
    return again ? kTemporary : kFailed;
}

/// The response to a call, if it is a success; else it is told.
std::optional<wire::Response> successful(
    Result<wire::Response> response, std::ostream& err, int& exit_code
) {
    if (!response) {
        exit_code = tell(response.error(), err);
        return std::nullopt;
    }
    if (response->status >= 200 && response->status < 300) return std::move(*response);
    exit_code = tell(*response, err);
    return std::nullopt;
}

/// Nothing to send, and an answer that is printed.
class PrintedAnswer final : public StreamedCall {
public:
    explicit PrintedAnswer(std::ostream& out) : out_(out) {}
    Next next(std::string&) override { return Next::end; }
    void take(std::string_view piece) override { out_ << piece; }

private:
    std::ostream& out_;
};

}  // namespace

int exit_code_of(ErrorCode code) {
    switch (code) {
        case ErrorCode::invalid_argument:
            return kUsage;
        case ErrorCode::conflict:
        case ErrorCode::overloaded:
        case ErrorCode::timeout:
        case ErrorCode::unavailable:
            return kTemporary;
        default:
            return kFailed;
    }
}

wire::Request get_request(std::string target) {
    wire::Request request;
    request.method = "GET";
    request.target = std::move(target);
    request.headers.push_back({"Host", "localhost"});
    request.origin = wire::Origin::in_process;
    return request;
}

wire::Request post_request(std::string target, std::string content_type, std::string body) {
    wire::Request request = get_request(std::move(target));
    request.method = "POST";
    request.headers.push_back({"Content-Type", std::move(content_type)});
    request.body = std::move(body);
    return request;
}

Result<encoding::Value> read_json(std::string_view text) {
    constexpr std::size_t kValuesMax = 50'000'000;
    encoding::JsonLimits limits = encoding::default_json_limits();
    limits.values_max = kValuesMax;
    return encoding::parse_json(text, limits);
}

std::string problem_text(const encoding::Value& problem) {
    std::string text = text_of(problem, "detail");
    if (text.empty()) text = text_of(problem, "title");
    const encoding::Value* errors = problem.find("errors");
    if (errors != nullptr && errors->array() != nullptr && !errors->array()->empty()) {
        const encoding::Value& first = errors->array()->front();
        const std::string message = text_of(first, "message");
        if (!message.empty()) text = message;
        const std::string pointer = text_of(first, "pointer");
        if (!pointer.empty()) text += " (" + pointer + ")";
    }
    return text.empty() ? "no reason was given" : text;
}

std::optional<wire::Response> call_api(
    ApiClient& api, wire::Request request, std::ostream& err, int& exit_code
) {
    return successful(api.call(std::move(request)), err, exit_code);
}

std::optional<wire::Response> print_api(
    ApiClient& api, wire::Request request, const Terminal& terminal, int& exit_code
) {
    PrintedAnswer printed(terminal.out);
    std::optional<wire::Response> response =
        successful(api.stream(std::move(request), printed), terminal.err, exit_code);
    if (response) terminal.out << "\n";
    return response;
}

int tell(const Error& error, std::ostream& err) {
    err << "mcp-backend: " << error.message << "\n";
    return exit_code_of(error.code);
}

int tell(const wire::Response& refusal, std::ostream& err) {
    const Result<encoding::Value> problem = read_json(refusal.body);
    err << "mcp-backend: "
        << (problem ? problem_text(*problem) : "status " + std::to_string(refusal.status)) << "\n";
    return exit_code_of_status(refusal.status);
}

std::string text_of(const encoding::Value& object, std::string_view name) {
    const encoding::Value* value = object.find(name);
    if (value == nullptr || value->is_null()) return {};
    if (value->string() != nullptr) return *value->string();
    return value->to_json();
}

std::int64_t integer_of(const encoding::Value& object, std::string_view name) {
    const encoding::Value* value = object.find(name);
    return value == nullptr ? 0 : value->integer().value_or(0);
}

bool flag_of(const encoding::Value& object, std::string_view name) {
    const encoding::Value* value = object.find(name);
    return value != nullptr && value->boolean() != nullptr && *value->boolean();
}

}  // namespace rag::cli

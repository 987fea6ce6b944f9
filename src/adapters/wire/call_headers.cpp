#include "wire/call_headers.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "encoding/random_id.hpp"
#include "encoding/url.hpp"
#include "wire/headers.hpp"

namespace rag::wire {

namespace {

constexpr std::string_view kTraceparent = "traceparent";
constexpr std::string_view kTimeLeft = "Mcp-Backend-Time-Left-Ms";
constexpr std::string_view kTenant = "Mcp-Backend-Tenant";
constexpr std::string_view kSubject = "Mcp-Backend-Subject";
constexpr std::string_view kScopes = "Mcp-Backend-Scopes";
constexpr std::string_view kNotOlderThan = "Mcp-Backend-Not-Older-Than";

/// Of a call that stands under no span. Not valid between strangers, so a `traceparent` with it is
/// read by our own processes alone.
constexpr std::string_view kNoSpan = "0000000000000000";

bool is_lower_hex(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    });
}

bool is_zero(std::string_view text) {
    return text.find_first_not_of('0') == std::string_view::npos;
}

/// nullopt: it is none. A span of zeros is given out as none.
std::optional<Trace> read_traceparent(std::string_view text) {
    // version "-" trace-id "-" parent-id "-" flags
    const bool shaped = text.size() >= 55 && text[2] == '-' && text[35] == '-' && text[52] == '-';
    if (!shaped || text.starts_with("ff") || !is_lower_hex(text.substr(0, 2))) return std::nullopt;
    const std::string_view id = text.substr(3, 32);
    const std::string_view parent = text.substr(36, 16);
    if (!is_lower_hex(id) || is_zero(id) || !is_lower_hex(parent)) return std::nullopt;
    return Trace{std::string(id), is_zero(parent) ? std::string() : std::string(parent)};
}

std::optional<std::int64_t> read_number(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return number;
}

void replace(std::vector<Header>& headers, std::string_view name, std::string value) {
    std::erase_if(headers, [name](const Header& header) {
        return equals_ignoring_case(header.name, name);
    });
    headers.push_back(Header{std::string(name), std::move(value)});
}

/// Scopes between blanks, each encoded, so that none is mistaken for two.
std::string joined(const std::vector<std::string>& scopes) {
    std::string text;
    for (const std::string& scope : scopes) {
        text += (text.empty() ? "" : " ") + encoding::percent_encode(scope);
    }
    return text;
}

tl::unexpected<Error> unreadable(std::string_view name) {
    return fail(ErrorCode::invalid_argument, "cannot be read", "/" + std::string(name));
}

Result<std::vector<std::string>> split(std::string_view text) {
    std::vector<std::string> scopes;
    while (!text.empty()) {
        const std::string_view part = next_part(text, ' ');
        if (part.empty()) continue;
        std::optional<std::string> scope = encoding::percent_decode(part, false);
        if (!scope) return unreadable(kScopes);
        scopes.push_back(std::move(*scope));
    }
    return scopes;
}

void write_principal(const Principal& principal, std::vector<Header>& headers) {
    replace(headers, kTenant, encoding::percent_encode(principal.tenant.value));
    if (!principal.subject.empty()) {
        replace(headers, kSubject, encoding::percent_encode(principal.subject));
    }
    if (!principal.scopes.empty()) replace(headers, kScopes, joined(principal.scopes));
}

/// What says who asks is never guessed: half of it is as bad as none.
Result<std::shared_ptr<const Principal>> read_principal(const Request& head) {
    const std::string_view given = head.header(kTenant);
    if (given.empty()) {
        if (!head.header(kSubject).empty() || !head.header(kScopes).empty()) {
            return unreadable(kTenant);
        }
        return CallContext::default_principal();
    }
    std::optional<std::string> tenant = encoding::percent_decode(given, false);
    if (!tenant || tenant->empty()) return unreadable(kTenant);
    std::optional<std::string> subject = encoding::percent_decode(head.header(kSubject), false);
    if (!subject) return unreadable(kSubject);
    Result<std::vector<std::string>> scopes = split(head.header(kScopes));
    if (!scopes) return tl::unexpected(std::move(scopes.error()));
    Principal principal{{std::move(*tenant)}, std::move(*subject), std::move(*scopes)};
    return std::make_shared<const Principal>(std::move(principal));
}

}  // namespace

void write_call_headers(const CallContext& context, std::vector<Header>& headers) {
    if (context.deadline != Deadline::max()) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            context.deadline - std::chrono::steady_clock::now()
        );
        const std::int64_t ms = std::max<std::int64_t>(left.count(), 0);
        replace(headers, kTimeLeft, std::to_string(ms));
    }
    if (!context.trace.id.empty()) {
        const std::string_view span =
            context.trace.parent_span.empty() ? kNoSpan : context.trace.parent_span;
        replace(headers, kTraceparent, "00-" + context.trace.id + "-" + std::string(span) + "-01");
    }
    if (context.principal != CallContext::default_principal()) {
        write_principal(*context.principal, headers);
    }
    if (context.not_older_than) {
        replace(headers, kNotOlderThan, std::to_string(context.not_older_than->value));
    }
}

Result<CallContext> read_call_headers(const Request& head) {
    CallContext context = CallContext::of_default_tenant(Deadline::max());
    if (const std::optional<std::int64_t> left = read_number(head.header(kTimeLeft))) {
        // Longer than anything may take is as good as none, and must not overflow.
        constexpr std::int64_t kMostMs = std::int64_t{365} * 24 * 3600 * 1000;
        context.deadline = std::chrono::steady_clock::now() +
                           std::chrono::milliseconds(std::clamp<std::int64_t>(*left, 0, kMostMs));
    }
    if (std::optional<Trace> trace = read_traceparent(head.header(kTraceparent))) {
        context.trace = std::move(*trace);
    }
    Result<std::shared_ptr<const Principal>> principal = read_principal(head);
    if (!principal) return tl::unexpected(std::move(principal.error()));
    context.principal = std::move(*principal);
    if (const std::string_view position = head.header(kNotOlderThan); !position.empty()) {
        const std::optional<std::int64_t> number = read_number(position);
        if (!number) return unreadable(kNotOlderThan);
        context.not_older_than = ConsistencyPosition{*number};
    }
    return context;
}

Header answer_traceparent(const Trace& trace) {
    const std::string span = encoding::random_id().substr(0, 16);
    return {std::string(kTraceparent), "00-" + trace.id + "-" + span + "-00"};
}

Trace trace_from(std::string_view traceparent) {
    std::optional<Trace> trace = read_traceparent(traceparent);
    if (!trace || trace->parent_span.empty()) return Trace{encoding::random_id(), {}};
    return std::move(*trace);
}

}  // namespace rag::wire

#include "page_cursor.hpp"

#include <charconv>
#include <utility>

#include "domain/limits.hpp"
#include "text/digest.hpp"

namespace rag::mcp {
namespace {

constexpr std::size_t kDigestDigits = 16;
constexpr char kSeparator = '~';

/// 16 hex digits over all arguments but the cursor.
std::string digest_of(const wire::Value& arguments) {
    std::string text;
    if (const wire::Object* object = arguments.object()) {
        for (const wire::Member& member : object->members) {
            if (member.name == "cursor" || member.value.is_null()) continue;
            text += member.name + "=" + member.value.to_json() + "\n";
        }
    }
    constexpr std::string_view kDigits = "0123456789abcdef";
    const text::Digest digest = text::sha256(text);
    std::string digits;
    for (std::size_t at = 0; at < kDigestDigits / 2; ++at) {
        digits += kDigits[digest[at] >> 4];
        digits += kDigits[digest[at] & 15u];
    }
    return digits;
}

tl::unexpected<Error> not_ours() {
    return fail(
        ErrorCode::invalid_argument, "Not a cursor that was made for these arguments.", "/cursor"
    );
}

}  // namespace

Result<PagePlace> read_page_cursor(const wire::Value& arguments) {
    PagePlace place;
    const wire::Value* cursor = arguments.find("cursor");
    if (cursor == nullptr || cursor->is_null()) return place;
    if (cursor->string() == nullptr) return not_ours();
    std::string_view text = *cursor->string();

    // "<rows shown>~<digest>~<the use case's cursor, or nothing>"
    const char* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, place.shown);
    if (error != std::errc() || place.shown > limits::kTopKMax) return not_ours();
    text.remove_prefix(static_cast<std::size_t>(stopped - text.data()));
    const std::string middle = kSeparator + digest_of(arguments) + kSeparator;
    if (!text.starts_with(middle)) return not_ours();
    text.remove_prefix(middle.size());
    if (!text.empty()) place.page = std::string(text);
    return place;
}

std::string make_page_cursor(const wire::Value& arguments, const PagePlace& place) {
    return std::to_string(place.shown) + kSeparator + digest_of(arguments) + kSeparator +
           place.page.value_or("");
}

std::optional<std::string> next_page_cursor(
    const wire::Value& arguments,
    const PagePlace& place,
    std::size_t shown,
    std::size_t rows,
    const std::optional<std::string>& next_page
) {
    if (shown < rows) return make_page_cursor(arguments, PagePlace{place.page, shown});
    if (next_page) return make_page_cursor(arguments, PagePlace{next_page, 0});
    return std::nullopt;
}

}  // namespace rag::mcp

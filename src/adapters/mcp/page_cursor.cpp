#include "page_cursor.hpp"

#include <charconv>
#include <span>
#include <utility>

#include "domain/limits.hpp"
#include "encoding/digest.hpp"
#include "encoding/hex.hpp"

namespace rag::mcp {
namespace {

constexpr std::size_t kDigestDigits = 16;
constexpr char kSeparator = '~';

/// 16 hex digits over all arguments but the cursor.
std::string digest_of(const encoding::Value& arguments) {
    std::string text;
    if (const encoding::Object* object = arguments.object()) {
        for (const encoding::Member& member : object->members) {
            if (member.name == "cursor" || member.value.is_null()) continue;
            text += member.name + "=" + member.value.to_json() + "\n";
        }
    }
    const encoding::Digest digest = encoding::sha256(text);
    return encoding::to_hex(std::span(digest).first(kDigestDigits / 2));
}

tl::unexpected<Error> not_ours() {
    return fail(
        ErrorCode::invalid_argument, "Not a cursor that was made for these arguments.", "/cursor"
    );
}

}  // namespace

Result<PagePlace> read_page_cursor(const encoding::Value& arguments) {
    PagePlace place;
    const encoding::Value* cursor = arguments.find("cursor");
    if (cursor == nullptr || cursor->is_null()) return place;
    if (cursor->string() == nullptr) return not_ours();
    std::string_view text = *cursor->string();

    // "<rows shown>~<digest>~<the use case's cursor, or nothing>"
    const char* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, place.shown);
    if (error != std::errc() || place.shown > limits::kRowsMax) return not_ours();
    text.remove_prefix(static_cast<std::size_t>(stopped - text.data()));
    const std::string middle = kSeparator + digest_of(arguments) + kSeparator;
    if (!text.starts_with(middle)) return not_ours();
    text.remove_prefix(middle.size());
    if (!text.empty()) place.page = std::string(text);
    return place;
}

std::string make_page_cursor(const encoding::Value& arguments, const PagePlace& place) {
    return std::to_string(place.shown) + kSeparator + digest_of(arguments) + kSeparator +
           place.page.value_or("");
}

std::optional<std::string> next_page_cursor(
    const encoding::Value& arguments,
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

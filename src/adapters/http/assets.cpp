#include "assets.hpp"

#include <array>
#include <vector>

#include "docs_page.hpp"
#include "encoding/digest.hpp"
#include "encoding/hex.hpp"
#include "wire/headers.hpp"

namespace rag::http {

namespace {

/// A page that brings its own script and style and talks to nobody but us.
constexpr std::string_view kOwnPagePolicy =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src "
    "'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

constexpr std::array kAssets{
    Asset{"/docs", "text/html; charset=utf-8", kOwnPagePolicy, docs_page},
};

std::vector<std::string> make_tags() {
    constexpr std::size_t kTagDigits = 32;
    std::vector<std::string> tags;
    for (const Asset& asset : kAssets) {
        const encoding::Digest digest = encoding::sha256(asset.content());
        tags.push_back('"' + encoding::to_hex(digest).substr(0, kTagDigits) + '"');
    }
    return tags;
}

}  // namespace

const Asset* find_asset(std::string_view path) {
    for (const Asset& asset : kAssets) {
        if (asset.path == path) return &asset;
    }
    return nullptr;
}

std::string_view entity_tag(const Asset& asset) {
    // What is compiled in never changes, so each is digested once, when the first is asked for.
    static const std::vector<std::string> kTags = make_tags();
    return kTags[static_cast<std::size_t>(&asset - kAssets.data())];
}

bool names_tag(std::string_view if_none_match, std::string_view tag) {
    while (!if_none_match.empty()) {
        std::string_view listed = wire::next_part(if_none_match, ',');
        if (listed == "*") return true;
        // A weak tag is as good here: the comparison is the weak one (RFC 9110 §13.1.2).
        if (listed.starts_with("W/")) listed.remove_prefix(2);
        if (listed == tag) return true;
    }
    return false;
}

}  // namespace rag::http

#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/conversation.hpp"

/// What becomes of a conversation when its sender says it again, or when somebody corrects it.
namespace rag {

/// What to do with a conversation whose `external_id` is known and whose messages are others than
/// those that are stored: refuse it, put it in their place, or store it as another one, without the
/// id. `refuse`: refuse whatever is known by its id.
enum class IfExists : std::uint8_t { extend, replace, refuse, keep_both };
inline constexpr std::array kIfExists{
    IfExists::extend, IfExists::replace, IfExists::refuse, IfExists::keep_both};
inline constexpr std::array<std::string_view, kIfExists.size()> kIfExistsNames{
    "extend", "replace", "refuse", "new"};
constexpr std::string_view name_of(IfExists what) {
    return kIfExistsNames[static_cast<std::size_t>(what)];
}

/// Fields of a header that were corrected by hand, by name, each with what the sender had said of
/// it last (metadata in its canonical form; nullopt: nothing). The sender's next word counts only
/// if it is another one.
using Corrections = std::map<std::string, std::optional<std::string>, std::less<>>;

struct CorrectedHeader {
    ConversationHeader header;
    Corrections corrections;
    bool changed = false;  // Of either.
};

/// The header after its sender has said it again: what was sent is taken over, what is absent is
/// kept, and so is a correction as long as the sender says what it said before.
CorrectedHeader said_again(
    ConversationHeader stored, Corrections corrections, const ConversationHeader& sent
);

/// Fields that a correction names; nullopt: it does not. An empty one (of metadata: no text)
/// clears.
struct HeaderPatch {
    std::optional<std::optional<std::string>> scenario_title;
    std::optional<std::optional<std::string>> original_title;
    std::optional<std::optional<std::string>> url;
    std::optional<Metadata> metadata;
};

/// The header after a correction.
CorrectedHeader corrected(
    ConversationHeader stored, Corrections corrections, const HeaderPatch& patch
);

/// Whether they are one and the same message: by author, type and content, and by `external_id`
/// where both have one.
bool is_same_message(const Message& stored, const Message& sent);

/// The stored message with what the same one, sent again, says otherwise: time, metadata, its
/// `external_id` if it had none. nullopt: nothing.
std::optional<Message> said_again(const Message& stored, const Message& sent);

}  // namespace rag

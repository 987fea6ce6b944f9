#include "conversation_reader.hpp"

#include <algorithm>
#include <map>
#include <span>

#include "domain/sent_time.hpp"
#include "encoding/canonical_json.hpp"
#include "encoding/json_text.hpp"
#include "field_names.hpp"
#include "message_content.hpp"
#include "wire/near_name.hpp"

namespace rag::wire {
namespace {

using encoding::child_pointer;
using encoding::Member;
using encoding::Value;

tl::unexpected<Error> refused(std::string message, std::string pointer) {
    return tl::unexpected(Error{ErrorCode::invalid_argument, std::move(message), std::move(pointer)}
    );
}

/// The members of one object, told apart by the names of a table.
class SentFields {
public:
    SentFields(std::string pointer, std::span<const FieldName> names)
        : pointer_(std::move(pointer)), names_(names) {}

    Result<void> read(const Value& value) {
        if (!value.is_object()) return refused("must be an object", pointer_);
        for (const Member& member : value.object()->members) {
            const std::string name = snake_case(member.name);
            const auto known = std::ranges::find(names_, name, &FieldName::name);
            if (known == names_.end()) {
                extra_.push_back(&member);
                continue;
            }
            if (member.value.is_null()) continue;
            const auto [place, fresh] = found_.emplace(known->field, &member);
            if (fresh) continue;
            // The one that is not our own name is the one too many.
            const Member& first = *place->second;
            const Member& alias = known->own ? first : member;
            const Member& other = known->own ? member : first;
            return refused("is another name of " + other.name + "; send one of them", at(alias));
        }
        return refuse_slips();
    }

    const Member* find(Sent field) const {
        const auto place = found_.find(field);
        return place == found_.end() ? nullptr : place->second;
    }

    std::string at(const Member& member) const { return child_pointer(pointer_, member.name); }

    Result<void> text(Sent field, std::optional<std::string>& out) const {
        const Member* member = find(field);
        if (member == nullptr) return {};
        const bool number = field == Sent::external_id && member->value.number() != nullptr;
        if (number) out = member->value.number()->text;
        if (const std::string* text = member->value.string()) out = *text;
        if (!out) return refused("must be a string", at(*member));
        return {};
    }

    /// What was sent as metadata, and behind it every key that is not known, as it was spelled.
    Result<Metadata> metadata(std::vector<Member> more) const {
        for (const Member* member : extra_) more.push_back(*member);
        const Member* sent = find(Sent::metadata);
        const encoding::OpaqueObject* object = sent == nullptr ? nullptr : sent->value.opaque();
        if (sent != nullptr && object == nullptr) return refused("must be an object", at(*sent));
        Metadata metadata;
        if (object != nullptr) metadata = Metadata{object->raw, object->canonical};
        if (more.empty()) return metadata;
        return joined(metadata, more);
    }

private:
    Result<Metadata> joined(const Metadata& sent, const std::vector<Member>& more) const {
        std::string raw = sent.raw.empty() ? "{}" : sent.raw;
        const Result<Value> own = encoding::parse_json(raw);
        if (!own) return tl::unexpected(own.error());
        raw.erase(raw.find_last_of('}'));
        bool first = own->object()->members.empty();
        for (const Member& member : more) {
            if (own->find(member.name) != nullptr) {
                return refused("stands in metadata too; send one of them", at(member));
            }
            if (!first) raw += ',';
            first = false;
            encoding::append_quoted(raw, member.name);
            raw += ':' + member.value.to_json();
        }
        raw += '}';
        const Result<Value> whole = encoding::parse_json(raw);
        if (!whole) return tl::unexpected(whole.error());
        return Metadata{raw, encoding::canonical_json(*whole)};
    }

    Result<void> refuse_slips() const {
        for (const Member* member : extra_) {
            const std::string name = snake_case(member->name);
            for (const FieldName& known : names_) {
                if (find(known.field) != nullptr || !is_slip(name, known)) continue;
                return refused("did you mean " + std::string(known.name) + "?", at(*member));
            }
        }
        return {};
    }

    std::string pointer_;
    std::span<const FieldName> names_;
    std::map<Sent, const Member*> found_;
    std::vector<const Member*> extra_;
};

Result<void> read_time(const SentFields& fields, const TimeZone& zone, Message& message) {
    const Member* member = fields.find(Sent::timestamp);
    if (member == nullptr) return {};
    if (const std::string* text = member->value.string()) {
        message.timestamp = parse_sent_timestamp(*text, zone);
    } else if (const encoding::Number* number = member->value.number()) {
        message.timestamp = epoch_timestamp(number->text);
    }
    if (message.timestamp) return {};
    return refused(
        "must be a time, like 2025-11-07T14:30:45.123Z, or seconds or milliseconds of the epoch",
        fields.at(*member)
    );
}

/// A sender that is a known role is the role, else the name.
Result<void> read_author(const SentFields& fields, Message& message) {
    if (auto done = fields.text(Sent::author_name, message.author_name); !done) return done;
    if (auto done = fields.text(Sent::author_type, message.author_type); !done) return done;
    for (const Sent field : {Sent::sender, Sent::author}) {
        std::optional<std::string> text;
        if (auto done = fields.text(field, text); !done) return done;
        if (!text) continue;
        const bool role = field == Sent::sender && author_class(*text).has_value();
        std::optional<std::string>& place = role ? message.author_type : message.author_name;
        if (place) {
            return refused("says the author a second time", fields.at(*fields.find(field)));
        }
        place = std::move(text);
    }
    return {};
}

}  // namespace

Result<Message> read_message(const Value& value, const std::string& pointer, const TimeZone& zone) {
    SentFields fields(pointer, kMessageNames);
    Message message;
    if (auto done = fields.read(value); !done) return tl::unexpected(done.error());
    if (auto done = read_author(fields, message); !done) return tl::unexpected(done.error());
    if (auto done = read_time(fields, zone, message); !done) return tl::unexpected(done.error());
    if (auto done = fields.text(Sent::external_id, message.external_id); !done) {
        return tl::unexpected(done.error());
    }
    const Member* sent = fields.find(Sent::content);
    const std::string place =
        sent == nullptr ? child_pointer(pointer, "content") : fields.at(*sent);
    Result<Content> content = read_content(value, sent == nullptr ? nullptr : &sent->value, place);
    if (!content) return tl::unexpected(content.error());
    message.content = std::move(content->text);
    Result<Metadata> metadata = fields.metadata(std::move(content->kept));
    if (!metadata) return tl::unexpected(metadata.error());
    message.metadata = std::move(*metadata);
    return message;
}

Result<Conversation> read_conversation(
    const Value& value, const std::string& pointer, const TimeZone& zone
) {
    SentFields fields(pointer, kConversationNames);
    if (auto done = fields.read(value); !done) return tl::unexpected(done.error());
    if (const Member* wish = fields.find(Sent::wish)) {
        return refused("is not read in the body: send it with the request", fields.at(*wish));
    }
    Conversation conversation;
    ConversationHeader& header = conversation.header;
    const auto text = [&](Sent field, std::optional<std::string>& out) {
        return fields.text(field, out);
    };
    if (auto r = text(Sent::scenario_title, header.scenario_title); !r)
        return tl::unexpected(r.error());
    if (auto r = text(Sent::original_title, header.original_title); !r)
        return tl::unexpected(r.error());
    if (auto r = text(Sent::url, header.url); !r) return tl::unexpected(r.error());
    if (auto r = text(Sent::external_id, header.external_id); !r) return tl::unexpected(r.error());
    const Member* messages = fields.find(Sent::messages);
    if (messages == nullptr) return refused("is required", child_pointer(pointer, "messages"));
    const Value::Array* items = messages->value.array();
    if (items == nullptr) return refused("must be an array", fields.at(*messages));
    for (std::size_t i = 0; i < items->size(); ++i) {
        Result<Message> message =
            read_message((*items)[i], child_pointer(fields.at(*messages), i), zone);
        if (!message) return tl::unexpected(message.error());
        conversation.messages.push_back(std::move(*message));
    }
    Result<Metadata> metadata = fields.metadata({});
    if (!metadata) return tl::unexpected(metadata.error());
    header.metadata = std::move(*metadata);
    return conversation;
}

}  // namespace rag::wire

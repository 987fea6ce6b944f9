#include "message_reader.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "domain/sent_time.hpp"
#include "message_content.hpp"
#include "sent_fields.hpp"

namespace rag::wire {

using encoding::child_pointer;
using encoding::Member;
using encoding::Object;
using encoding::Value;

namespace {

constexpr std::array kContentFields{Sent::content, Sent::text, Sent::value, Sent::parts};

bool has_content(const Value& object) {
    return std::ranges::any_of(
        std::array{"content", "text", "value", "parts"},
        [&object](std::string_view name) { return object.find(name) != nullptr; }
    );
}

/// The name under which the message itself stands: `message` of ChatGPT and Claude Code, `data`
/// beside `type` of LangChain; empty: it is the object.
std::string_view wrapped_in(const Value& value) {
    if (has_content(value)) return {};
    const Value* message = value.find("message");
    if (message != nullptr && message->is_object()) return "message";
    const Value* data = value.find("data");
    const Value* type = value.find("type");
    const bool named = type != nullptr && type->string() != nullptr;
    return named && data != nullptr && data->is_object() && has_content(*data) ? "data" : "";
}

std::string list_of(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) {
        if (text.size() > 200) return text + ", …";
        text += (text.empty() ? "" : ", ") + name;
    }
    return text;
}

class MessageReader {
public:
    MessageReader(const Value& value, const std::string& pointer, MessageReading reading)
        : value_(value), reading_(reading), fields_(pointer, kMessageNames) {}

    Result<Message> run() {
        for (const auto step :
             {&MessageReader::read_fields,
              &MessageReader::read_author,
              &MessageReader::read_time,
              &MessageReader::read_content,
              &MessageReader::read_rest}) {
            if (Result<void> done = (this->*step)(); !done) return tl::unexpected(done.error());
        }
        return std::move(message_);
    }

private:
    void note(std::string pointer, std::string text) {
        reading_.notes.add([&] { return Note{std::move(pointer), std::move(text)}; });
    }

    Result<void> read_fields() {
        const std::string_view inner = value_.is_object() ? wrapped_in(value_) : "";
        if (inner.empty()) {
            if (Result<void> done = fields_.read(value_); !done) return done;
        } else {
            if (Result<void> done = fields_.read_wrapped(value_, inner); !done) return done;
            note(child_pointer(fields_.pointer(), inner), "read as the message");
        }
        return fields_.refuse_slips();
    }

    std::string_view type() const {
        const Value* type = fields_.find(Sent::type);
        return type == nullptr || type->string() == nullptr ? std::string_view() : *type->string();
    }

    /// A sender that is a known role is the role, else the name.
    Result<void> read_author() {
        if (is_call_type(type())) fields_.leave(Sent::author_name);  // That of the function.
        Result<std::optional<std::string>> name = fields_.text(Sent::author_name);
        if (!name) return tl::unexpected(name.error());
        message_.author_name = std::move(*name);
        Result<std::optional<std::string>> role = fields_.text(Sent::author_type);
        if (!role) return tl::unexpected(role.error());
        message_.author_type = std::move(*role);
        for (const Sent field : {Sent::sender, Sent::author}) {
            if (Result<void> done = read_sender(field); !done) return done;
        }
        read_type();
        return {};
    }

    Result<void> read_sender(Sent field) {
        const Value* value = fields_.find(field);
        if (value == nullptr) return {};
        if (value->is_object()) return read_author_object(field, *value->object());
        Result<std::optional<std::string>> text = fields_.text(field);
        if (!text) return tl::unexpected(text.error());
        // ShareGPT's `from` stands beside `value`, and is a role whatever its word.
        const bool role =
            field == Sent::sender && (author_class(**text) || fields_.find(Sent::value) != nullptr);
        std::optional<std::string>& place = role ? message_.author_type : message_.author_name;
        if (place) return refused("says the author a second time", fields_.pointer_of(field));
        place = std::move(*text);
        if (role) note(fields_.pointer_of(field), "read as author_type");
        return {};
    }

    /// `{role, name}`, and what else there is.
    Result<void> read_author_object(Sent field, const Object& author) {
        Object rest;
        const std::string pointer = fields_.pointer_of(field);
        for (const Member& member : author.members) {
            const bool role = member.name == "role";
            if (!role && member.name != "name") {
                rest.members.push_back(member);
                continue;
            }
            if (member.value.is_null()) continue;
            const std::string at = child_pointer(pointer, member.name);
            if (member.value.string() == nullptr) return refused("must be a string", at);
            std::optional<std::string>& place = role ? message_.author_type : message_.author_name;
            if (place) return refused("says the author a second time", at);
            place = *member.value.string();
        }
        if (!rest.members.empty()) {
            fields_.keep({std::string(fields_.name_of(field)), Value(std::move(rest))});
        }
        return {};
    }

    void read_type() {
        if (type().empty()) return fields_.leave(Sent::type);
        const std::string_view of_call = author_of_call_type(type());
        if (!message_.author_type && !of_call.empty()) {
            message_.author_type = std::string(of_call);
            note(
                fields_.pointer_of(Sent::type), "read as a message of type " + std::string(of_call)
            );
        } else if (!message_.author_type && author_class(type())) {
            message_.author_type = std::string(type());
            note(fields_.pointer_of(Sent::type), "read as author_type");
            return;
        } else if (message_.author_type == type()) {
            return;  // Said twice.
        }
        fields_.leave(Sent::type);
    }

    Result<void> read_time() {
        const Value* value = fields_.find(Sent::timestamp);
        if (value == nullptr) return {};
        const std::string* text = value->string();
        if (text != nullptr) {
            message_.timestamp = parse_sent_timestamp(*text, reading_.zone);
        } else if (const encoding::Number* number = value->number()) {
            message_.timestamp = epoch_timestamp(number->text);
        }
        if (!message_.timestamp) {
            return refused(
                "must be a time, like 2025-11-07T14:30:45.123Z, or seconds or milliseconds of the "
                "epoch",
                fields_.pointer_of(Sent::timestamp)
            );
        }
        const bool as_written = text != nullptr && parse_timestamp(*text);
        if (!as_written) {
            note(
                fields_.pointer_of(Sent::timestamp),
                "read as " + format_timestamp(*message_.timestamp)
            );
        }
        return {};
    }

    /// A text, parts, or calls of tools.
    Result<void> read_content() {
        std::optional<Sent> text;
        std::optional<Sent> parts;
        for (const Sent field : kContentFields) {
            const Value* value = fields_.find(field);
            if (value == nullptr) continue;
            std::optional<Sent>& place = value->string() != nullptr ? text : parts;
            if (place && field == Sent::parts) {
                fields_.leave(field);
                continue;
            }
            if (place) {
                return refused(
                    "is another name of " + std::string(fields_.name_of(*place)) +
                        "; send one of them",
                    fields_.pointer_of(field)
                );
            }
            place = field;
        }
        if (parts) return read_parts(*parts, text);
        if (text) message_.content = *fields_.find(*text)->string();
        if (is_blank(message_.content)) return read_without_text(text);
        return {};
    }

    /// `beside`: a text that stands beside them, as some exports have it.
    Result<void> read_parts(Sent field, std::optional<Sent> beside) {
        const Value& sent = *fields_.find(field);
        if (sent.array() != nullptr) {
            message_.content = text_of_parts(*sent.array());
        } else if (sent.is_object()) {
            message_.content = text_of_part(sent);
        } else {
            return refused("must be a string or an array of parts", fields_.pointer_of(field));
        }
        if (beside) {
            const std::string& text = *fields_.find(*beside)->string();
            if (is_blank(message_.content)) message_.content = text;
            if (!text.empty() && text != message_.content) fields_.leave(*beside);
        }
        if (is_blank(message_.content)) message_.content = text_of_calls(fields_);
        fields_.keep({"content_parts", sent});
        note(fields_.pointer_of(field), "the text of its parts is the content");
        return {};
    }

    Result<void> read_without_text(std::optional<Sent> blank) {
        std::string text = text_of_calls(fields_);
        const bool named = blank || fields_.is_named(Sent::content) || fields_.is_named(Sent::text);
        if (text.empty() && !named) {
            if (Result<void> slip = fields_.refuse_slip_of(Sent::content); !slip) return slip;
            text = text_of_typed();
            if (text.empty()) {
                return refused("is required", child_pointer(fields_.pointer(), "content"));
            }
        }
        if (text.empty()) {
            note(fields_.pointer_of(Sent::content), "holds no text: kept at its place");
            return {};
        }
        message_.content = std::move(text);
        note(fields_.pointer_of(Sent::content), "what it holds in place of a text is the content");
        return {};
    }

    /// Of an item that says by its type what it is: a call, its output, reasoning.
    std::string text_of_typed() const {
        const Value* type = fields_.find_further("type");
        if (type == nullptr || type->string() == nullptr) return {};
        if (*type->string() == "message" || author_class(*type->string())) return {};
        const bool calls = author_of_call_type(*type->string()) == "assistant";
        return calls ? text_of_call(value_) : text_of_part(value_);
    }

    Result<void> read_rest() {
        Result<std::optional<std::string>> id = fields_.text(Sent::external_id);
        if (!id) return tl::unexpected(id.error());
        message_.external_id = std::move(*id);
        tell_names();
        const std::vector<std::string> left = fields_.names_left();
        if (!left.empty()) note(fields_.pointer(), "kept in its metadata: " + list_of(left));
        Result<Metadata> metadata = fields_.metadata();
        if (!metadata) return tl::unexpected(metadata.error());
        message_.metadata = std::move(*metadata);
        return {};
    }

    /// Of the fields that the core has limits for.
    void tell_names() {
        const auto tell = [this](std::string_view own, std::initializer_list<Sent> fields) {
            for (const Sent field : fields) {
                if (fields_.find(field) == nullptr) continue;
                reading_.names.add(
                    reading_.index,
                    own,
                    fields_.pointer_of(field).substr(fields_.pointer().size() + 1)
                );
                return;
            }
        };
        tell("author_name", {Sent::author_name, Sent::author, Sent::sender});
        tell("author_type", {Sent::author_type, Sent::sender, Sent::author});
        tell("content", {Sent::content, Sent::text, Sent::value, Sent::parts});
        tell("external_id", {Sent::external_id});
    }

    const Value& value_;
    MessageReading reading_;
    SentFields fields_;
    Message message_;
};

}  // namespace

Result<Message> read_message(
    const Value& value, const std::string& pointer, MessageReading reading
) {
    return MessageReader(value, pointer, reading).run();
}

}  // namespace rag::wire

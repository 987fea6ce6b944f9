#pragma once

#include <string>
#include <utility>

#include "exchange.hpp"

namespace rag::http {

/// A body and an answer that are strings, for requests of this process.
class StringSource final : public BodySource {
public:
    explicit StringSource(std::string body) : body_(std::move(body)) {}
    Task<Result<bool>> read(std::string& buffer) override {
        if (body_.empty()) co_return false;
        buffer += body_;
        body_.clear();
        co_return true;
    }
    bool hold(std::size_t) override { return true; }  // The caller has it all already.

private:
    std::string body_;
};

class StringSink final : public AnswerSink {
public:
    Task<bool> begin(wire::Response head) override { return send(std::move(head)); }
    Task<bool> write(std::string piece) override {
        answer_.body += piece;
        co_return true;
    }
    Task<bool> send(wire::Response answer) override {
        answer_ = std::move(answer);
        co_return true;
    }
    wire::Response take() { return std::move(answer_); }

private:
    wire::Response answer_;
};

}  // namespace rag::http

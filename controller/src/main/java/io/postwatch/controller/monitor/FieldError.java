package io.postwatch.controller.monitor;

record FieldError(String field, String code, String message) {}

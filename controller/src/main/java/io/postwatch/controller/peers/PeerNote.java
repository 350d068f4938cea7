package io.postwatch.controller.peers;

/**
 * Something that one controller tells the others.
 *
 * @param topic who it is for: a word of the module that hears it
 * @param body what that module wrote
 */
public record PeerNote(String topic, String body) {}

package apptest

// Valid is an input that passes a door's validation; its ids name nothing.
func (d *Desk) Valid(door string) m {
	id := "0SAZPVHNMQ3QW"
	in := map[string]m{
		"auth.changePassword": {"currentPassword": "x", "newPassword": "yyyyyyyy"}, "sessions.revoke": {"sessionId": id}, "workspaces.create": {"name": "x"},
		"workspaceMembers.updateRole": {"memberId": id, "role": "agent"}, "workspaceMembers.setPermissions": {"memberId": id, "permissions": nil},
		"workspaceMembers.remove": {"memberId": id}, "workspaceMembers.transferOwnership": {"memberId": id}, "workspaceMembers.invite": {"email": "a@b.cd", "role": "agent"},
		"apiKeys.create": {"name": "x", "scopes": []string{"users.read"}}, "apiKeys.revoke": {"keyId": id}, "invitations.cancel": {"invitationId": id}, "invitations.resend": {"invitationId": id}, "visitors.get": {"visitorId": id}, "visitors.update": {"visitorId": id},
		"conversations.start": {"content": "x"}, "conversations.get": {"conversationId": id}, "conversations.search": {"q": "x"}, "conversations.assign": {"conversationId": id, "assigneeId": nil},
		"conversations.setStatus": {"conversationId": id, "status": "closed"}, "conversations.snooze": {"conversationId": id, "until": 1}, "conversations.setPriority": {"conversationId": id, "priority": "high"},
		"conversations.assignMany": {"conversationIds": []string{id}, "assigneeId": nil}, "conversations.setStatusMany": {"conversationIds": []string{id}, "status": "closed"}, "conversations.snoozeMany": {"conversationIds": []string{id}, "until": 1},
		"conversations.addTagMany": {"conversationIds": []string{id}, "tagId": id}, "conversations.removeTagMany": {"conversationIds": []string{id}, "tagId": id},
		"conversations.addTag": {"conversationId": id, "tagId": id}, "conversations.removeTag": {"conversationId": id, "tagId": id}, "conversations.markAsRead": {"conversationId": id},
		"conversations.merge": {"conversationId": id, "intoConversationId": id}, "conversations.look": {"conversationId": id}, "conversations.presence": {"conversationId": id}, "messages.list": {"conversationId": id}, "messages.send": {"conversationId": id, "content": "x"},
		"drafts.get": {"conversationId": id}, "drafts.save": {"conversationId": id, "content": "x"}, "messages.scheduled": {"conversationId": id}, "messages.cancelScheduled": {"messageId": id}, "messages.sendScheduled": {"messageId": id}, "messages.typing": {"conversationId": id}, "aiAgent.judge": {"runId": id, "verdict": "right"}, "aiAgent.settleQuestions": {"runIds": []string{id}},
		"copilot.find": {"conversationId": id}, "copilot.suggest": {"conversationId": id}, "copilot.draft": {"conversationId": id}, "copilot.summarize": {"conversationId": id}, "copilot.draftArticle": {"conversationId": id}, "copilot.draftFromQuestions": {"runIds": []string{id}}, "copilot.rewrite": {"text": "x", "style": "fix"}, "copilot.translate": {"text": "x", "to": "de"}, "copilot.getTranslations": {"conversationId": id, "to": "de"}, "copilot.translateMessage": {"conversationId": id, "messageId": id, "to": "de"},
		"savedReplies.create": {"name": "x", "content": "x"}, "savedReplies.update": {"savedReplyId": id}, "savedReplies.remove": {"savedReplyId": id},
		"aiAgent.getConversationResponses": {"conversationId": id}, "aiAgent.ask": {"question": "x"}, "aiAgent.updateEmbedder": {"protocol": ""}, "aiAgent.handoffToHuman": {"conversationId": id}, "aiAgent.handBack": {"conversationId": id}, "aiAgent.submitFeedback": {"conversationId": id, "messageId": id, "helpful": true}, "tags.create": {"name": "x"}, "tags.update": {"tagId": id}, "tags.remove": {"tagId": id},
		"collections.create": {"name": "x"}, "collections.update": {"collectionId": id}, "collections.move": {"collectionId": id, "parentId": nil}, "collections.remove": {"collectionId": id},
		"articles.get": {"articleId": id}, "articles.create": {"title": "x"}, "articles.update": {"articleId": id}, "articles.move": {"articleId": id, "collectionId": nil}, "articles.publish": {"articleId": id},
		"articles.unpublish": {"articleId": id}, "articles.archive": {"articleId": id}, "articles.schedule": {"articleId": id, "at": nil}, "articles.discardChanges": {"articleId": id}, "articles.remove": {"articleId": id},
		"articles.listVersions": {"articleId": id}, "articles.getVersion": {"articleId": id, "versionId": id}, "articles.restoreVersion": {"articleId": id, "versionId": id}, "articles.listFeedback": {"articleId": id},
		"articles.preview": {"content": "x"}, "articles.search": {"q": "x"}, "helpCenter.search": {"q": "x"}, "helpCenter.restoreImport": {"importId": id}, "helpCenter.submitFeedback": {"articleId": id, "helpful": true},
		"helpCenter.mapSite": {"address": "https://localhost"}, "helpCenter.fetchSite": {"address": "https://localhost", "urls": []string{"https://localhost/a"}}, "helpCenter.applySite": {"siteImportId": id}, "helpCenter.discardSite": {"siteImportId": id},
	}[door]
	out := m{}
	for k, v := range in {
		out[k] = v
	}
	return out
}

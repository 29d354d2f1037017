package ai

import "testing"

// Who asks for a person gets one, in every language that the program speaks; who only speaks of persons gets an answer.
func TestWhoAsksForAPersonIsUnderstood(t *testing.T) {
	for _, text := range []string{
		"Can I talk to a human please", "I want to talk to a human", "speak to someone", "human please", "Agent", "a real person, please", "I want a human", "I need a real person now",
		"Get me a human", "Please transfer me to an agent", "Is there somebody I could chat with?", "connect me with your support staff", "I would prefer a person",
		"Ich möchte mit einem Menschen sprechen", "Ich möchte bitte mit einem Menschen sprechen", "Kann ich mit jemandem reden?", "Ich will einen Menschen", "Ich brauche einen echten Mitarbeiter", "Mitarbeiter bitte",
		"Je voudrais parler à un conseiller", "J’ai besoin d’un humain", "Quiero hablar con una persona", "Necesito un agente", "Vorrei parlare con un operatore", "Quero falar com um atendente", "Ik wil een medewerker spreken",
		"Chcę rozmawiać z człowiekiem", "Jag vill prata med en människa", "Jeg vil tale med et menneske", "Bir insanla konuşmak istiyorum",
	} {
		if !WantsPerson(text) {
			t.Errorf("%q asks for a person", text)
		}
	}
	for _, text := range []string{
		"", "How do I return a lamp?", "I want to add a person to my account", "I need to invite someone to my workspace", "Can I transfer my order to someone else?", "I need someone to fix my lamp",
		"How many people fit around the table?", "Who is the contact for returns?", "Does the agent answer e-mails?", "I want to give the lamp to a person who moved", "Is the lamp safe for people with epilepsy?",
		"Ich möchte eine Person hinzufügen", "Kann ich jemanden einladen?", "Wie viele Menschen passen an den Tisch?", "Ich will die Lampe jemandem schenken",
		"Je veux ajouter une personne", "Quiero invitar a alguien a mi cuenta", "Vorrei aggiungere una persona al mio account",
		"My neighbour is a nice person, and yesterday he told me that somebody should talk to you about lamps",
	} {
		if WantsPerson(text) {
			t.Errorf("%q does not ask for a person", text)
		}
	}
}

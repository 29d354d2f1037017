package tongue

// Phrases are what the program says in one language without a language model. Where one has a %s, it says what goes there.
type Phrases struct {
	Name string // of the language, in English

	// To visitors.
	PassedOn string // a person takes over
	Away     string // the same while nobody is there
	Welcome  string // to a greeting
	Gladly   string // to thanks
	Hello    string // how a draft begins: %s is a space and a name, or nothing

	// To the team, in notes and summaries.
	Asked, Nearest, Confidence                           string // Confidence: %s is a number
	Unsure, Requested, Topic, Rule, Spent, Turns, Failed string // why a person is to answer
	AskedFirst, SaidLast, AnsweredLast, LastNote, State  string
	Open, Waiting, Closed, Snoozed, HandedOver           string // HandedOver goes on after a comma
	Messages, Notes                                      string // before their number
	VisitorsAsked                                        string // heading of a list in an article that is to be written
}

// Say are the phrases of a language; the English ones where the program does not speak it.
func Say(language string) Phrases {
	if p, known := spoken[language]; known {
		return p
	}
	return spoken["en"]
}

// Spoken are the languages that the program speaks, the most usual first.
var Spoken = []string{"en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "da", "tr"}

var spoken = map[string]Phrases{
	"en": {
		Name:     "English",
		PassedOn: "I am passing this on to the team. Somebody will answer here.",
		Away:     "I am passing this on to the team. They are away just now and will answer here when they are back.",
		Welcome:  "Hello! What can I help you with?", Gladly: "You are welcome.", Hello: "Hello%s,",
		Asked: "Asked", Nearest: "Nearest", Confidence: "Confidence %s %%.",
		Unsure: "Nothing in the help center answers this surely enough.", Requested: "The visitor asked for a person.",
		Topic: "This topic is left to people.", Rule: "This visitor's conversations are left to people.",
		Spent: "The budget for the language model is used up, and no article answers this surely enough.",
		Turns: "The AI agent had its turns.", Failed: "The AI agent failed, and no article answers this surely enough.",
		AskedFirst: "Asked first", SaidLast: "Said last by the visitor", AnsweredLast: "Answered last", LastNote: "Last note", State: "State",
		Open: "Open", Waiting: "Open, waiting for an answer", Closed: "Closed", Snoozed: "Snoozed", HandedOver: "handed over by the AI agent",
		Messages: "Messages", Notes: "notes", VisitorsAsked: "What visitors asked",
	},
	"de": {
		Name:     "German",
		PassedOn: "Ich gebe das an das Team weiter. Jemand antwortet Ihnen hier.",
		Away:     "Ich gebe das an das Team weiter. Gerade ist niemand da; Sie bekommen hier Antwort, sobald das Team zurück ist.",
		Welcome:  "Hallo! Wobei kann ich helfen?", Gladly: "Gern geschehen.", Hello: "Hallo%s,",
		Asked: "Gefragt", Nearest: "Am nächsten", Confidence: "Sicherheit %s %%.",
		Unsure: "Nichts im Hilfebereich beantwortet das sicher genug.", Requested: "Gewünscht wurde ein Mensch.",
		Topic: "Dieses Thema bleibt Menschen vorbehalten.", Rule: "Diese Unterhaltungen bleiben Menschen vorbehalten.",
		Spent: "Das Budget für das Sprachmodell ist aufgebraucht, und kein Artikel beantwortet das sicher genug.",
		Turns: "Der KI-Agent hat oft genug geantwortet.", Failed: "Der KI-Agent ist gescheitert, und kein Artikel beantwortet das sicher genug.",
		AskedFirst: "Zuerst gefragt", SaidLast: "Zuletzt geschrieben", AnsweredLast: "Zuletzt geantwortet", LastNote: "Letzte Notiz", State: "Stand",
		Open: "Offen", Waiting: "Offen, wartet auf Antwort", Closed: "Geschlossen", Snoozed: "Zurückgestellt", HandedOver: "vom KI-Agenten übergeben",
		Messages: "Nachrichten", Notes: "Notizen", VisitorsAsked: "Was gefragt wurde",
	},
	"fr": {
		Name:     "French",
		PassedOn: "Je transmets votre question à l’équipe. Quelqu’un vous répondra ici.",
		Away:     "Je transmets votre question à l’équipe. Elle est absente pour le moment et vous répondra ici à son retour.",
		Welcome:  "Bonjour ! Comment puis-je vous aider ?", Gladly: "Avec plaisir.", Hello: "Bonjour%s,",
		Asked: "Question", Nearest: "Au plus proche", Confidence: "Confiance : %s %%.",
		Unsure: "Rien dans le centre d’aide n’y répond avec assez de certitude.", Requested: "Le visiteur a demandé à parler à une personne.",
		Topic: "Ce sujet est réservé à l’équipe.", Rule: "Les conversations de ce visiteur sont réservées à l’équipe.",
		Spent: "Le budget du modèle de langage est épuisé, et aucun article n’y répond avec assez de certitude.",
		Turns: "L’agent IA a assez répondu.", Failed: "L’agent IA a échoué, et aucun article n’y répond avec assez de certitude.",
		AskedFirst: "Première question", SaidLast: "Dernier message du visiteur", AnsweredLast: "Dernière réponse", LastNote: "Dernière note", State: "État",
		Open: "Ouverte", Waiting: "Ouverte, en attente d’une réponse", Closed: "Fermée", Snoozed: "Reportée", HandedOver: "transmise par l’agent IA",
		Messages: "Messages", Notes: "notes", VisitorsAsked: "Questions posées",
	},
	"es": {
		Name:     "Spanish",
		PassedOn: "Paso tu pregunta al equipo. Alguien te responderá aquí.",
		Away:     "Paso tu pregunta al equipo. Ahora no hay nadie; te responderán aquí cuando vuelvan.",
		Welcome:  "¡Hola! ¿En qué puedo ayudarte?", Gladly: "De nada.", Hello: "Hola%s:",
		Asked: "Pregunta", Nearest: "Lo más cercano", Confidence: "Confianza: %s %%.",
		Unsure: "Nada del centro de ayuda lo responde con suficiente seguridad.", Requested: "Se ha pedido hablar con una persona.",
		Topic: "Este tema se reserva al equipo.", Rule: "Las conversaciones de este visitante se reservan al equipo.",
		Spent: "El presupuesto del modelo de lenguaje está agotado y ningún artículo lo responde con suficiente seguridad.",
		Turns: "El agente de IA ya ha respondido bastante.", Failed: "El agente de IA ha fallado y ningún artículo lo responde con suficiente seguridad.",
		AskedFirst: "Primera pregunta", SaidLast: "Último mensaje del visitante", AnsweredLast: "Última respuesta", LastNote: "Última nota", State: "Estado",
		Open: "Abierta", Waiting: "Abierta, espera respuesta", Closed: "Cerrada", Snoozed: "Aplazada", HandedOver: "entregada por el agente de IA",
		Messages: "Mensajes", Notes: "notas", VisitorsAsked: "Lo que se preguntó",
	},
	"it": {
		Name:     "Italian",
		PassedOn: "Passo la domanda al team. Qualcuno risponderà qui.",
		Away:     "Passo la domanda al team. Al momento non c’è nessuno; risponderanno qui al loro ritorno.",
		Welcome:  "Ciao! Come posso aiutare?", Gladly: "Prego.", Hello: "Ciao%s,",
		Asked: "Domanda", Nearest: "Più vicini", Confidence: "Sicurezza: %s %%.",
		Unsure: "Nulla nel centro assistenza risponde con sufficiente sicurezza.", Requested: "È stata chiesta una persona.",
		Topic: "Questo tema è riservato al team.", Rule: "Le conversazioni di questo visitatore sono riservate al team.",
		Spent: "Il budget del modello linguistico è esaurito e nessun articolo risponde con sufficiente sicurezza.",
		Turns: "L’agente IA ha già risposto abbastanza.", Failed: "L’agente IA non è riuscito e nessun articolo risponde con sufficiente sicurezza.",
		AskedFirst: "Prima domanda", SaidLast: "Ultimo messaggio del visitatore", AnsweredLast: "Ultima risposta", LastNote: "Ultima nota", State: "Stato",
		Open: "Aperta", Waiting: "Aperta, in attesa di risposta", Closed: "Chiusa", Snoozed: "Rimandata", HandedOver: "passata dall’agente IA",
		Messages: "Messaggi", Notes: "note", VisitorsAsked: "Che cosa è stato chiesto",
	},
	"pt": {
		Name:     "Portuguese",
		PassedOn: "Vou passar a sua pergunta para a equipa. Alguém responderá aqui.",
		Away:     "Vou passar a sua pergunta para a equipa. De momento não está ninguém; responderão aqui quando voltarem.",
		Welcome:  "Olá! Em que posso ajudar?", Gladly: "De nada.", Hello: "Olá%s,",
		Asked: "Pergunta", Nearest: "Mais próximos", Confidence: "Confiança: %s %%.",
		Unsure: "Nada no centro de ajuda responde com segurança suficiente.", Requested: "Foi pedida uma pessoa.",
		Topic: "Este tema fica reservado à equipa.", Rule: "As conversas deste visitante ficam reservadas à equipa.",
		Spent: "O orçamento do modelo de linguagem esgotou-se e nenhum artigo responde com segurança suficiente.",
		Turns: "O agente de IA já respondeu o bastante.", Failed: "O agente de IA falhou e nenhum artigo responde com segurança suficiente.",
		AskedFirst: "Primeira pergunta", SaidLast: "Última mensagem do visitante", AnsweredLast: "Última resposta", LastNote: "Última nota", State: "Estado",
		Open: "Aberta", Waiting: "Aberta, à espera de resposta", Closed: "Fechada", Snoozed: "Adiada", HandedOver: "passada pelo agente de IA",
		Messages: "Mensagens", Notes: "notas", VisitorsAsked: "O que foi perguntado",
	},
	"nl": {
		Name:     "Dutch",
		PassedOn: "Ik geef dit door aan het team. Iemand antwoordt hier.",
		Away:     "Ik geef dit door aan het team. Er is nu niemand; u krijgt hier antwoord zodra ze terug zijn.",
		Welcome:  "Hallo! Waarmee kan ik helpen?", Gladly: "Graag gedaan.", Hello: "Hallo%s,",
		Asked: "Gevraagd", Nearest: "Het dichtst bij", Confidence: "Zekerheid %s %%.",
		Unsure: "Niets in het helpcentrum beantwoordt dit zeker genoeg.", Requested: "Er is om een mens gevraagd.",
		Topic: "Dit onderwerp is voor mensen.", Rule: "De gesprekken van deze bezoeker zijn voor mensen.",
		Spent: "Het budget voor het taalmodel is op, en geen artikel beantwoordt dit zeker genoeg.",
		Turns: "De AI-agent heeft vaak genoeg geantwoord.", Failed: "De AI-agent is mislukt, en geen artikel beantwoordt dit zeker genoeg.",
		AskedFirst: "Eerst gevraagd", SaidLast: "Laatste bericht van de bezoeker", AnsweredLast: "Laatste antwoord", LastNote: "Laatste notitie", State: "Stand",
		Open: "Open", Waiting: "Open, wacht op antwoord", Closed: "Gesloten", Snoozed: "Uitgesteld", HandedOver: "overgedragen door de AI-agent",
		Messages: "Berichten", Notes: "notities", VisitorsAsked: "Wat gevraagd werd",
	},
	"pl": {
		Name:     "Polish",
		PassedOn: "Przekazuję to zespołowi. Ktoś odpowie tutaj.",
		Away:     "Przekazuję to zespołowi. Teraz nikogo nie ma; odpowiedź pojawi się tutaj po powrocie.",
		Welcome:  "Dzień dobry! W czym mogę pomóc?", Gladly: "Proszę bardzo.", Hello: "Dzień dobry%s,",
		Asked: "Pytanie", Nearest: "Najbliższe", Confidence: "Pewność: %s %%.",
		Unsure: "Nic w centrum pomocy nie odpowiada na to wystarczająco pewnie.", Requested: "Poproszono o człowieka.",
		Topic: "Ten temat należy do ludzi.", Rule: "Rozmowy z tą osobą należą do ludzi.",
		Spent: "Budżet modelu językowego jest wyczerpany, a żaden artykuł nie odpowiada wystarczająco pewnie.",
		Turns: "Agent AI odpowiadał już dość często.", Failed: "Agent AI zawiódł, a żaden artykuł nie odpowiada wystarczająco pewnie.",
		AskedFirst: "Pierwsze pytanie", SaidLast: "Ostatnia wiadomość gościa", AnsweredLast: "Ostatnia odpowiedź", LastNote: "Ostatnia notatka", State: "Stan",
		Open: "Otwarta", Waiting: "Otwarta, czeka na odpowiedź", Closed: "Zamknięta", Snoozed: "Odłożona", HandedOver: "przekazana przez agenta AI",
		Messages: "Wiadomości", Notes: "notatki", VisitorsAsked: "O co pytano",
	},
	"sv": {
		Name:     "Swedish",
		PassedOn: "Jag skickar det här vidare till teamet. Någon svarar här.",
		Away:     "Jag skickar det här vidare till teamet. Ingen är på plats just nu; de svarar här när de är tillbaka.",
		Welcome:  "Hej! Vad kan jag hjälpa till med?", Gladly: "Varsågod.", Hello: "Hej%s,",
		Asked: "Fråga", Nearest: "Närmast", Confidence: "Säkerhet %s %%.",
		Unsure: "Inget i hjälpcentret svarar säkert nog på detta.", Requested: "Besökaren bad om en människa.",
		Topic: "Det här ämnet är för människor.", Rule: "Den här besökarens konversationer är för människor.",
		Spent: "Budgeten för språkmodellen är slut, och ingen artikel svarar säkert nog.",
		Turns: "AI-agenten har svarat tillräckligt ofta.", Failed: "AI-agenten misslyckades, och ingen artikel svarar säkert nog.",
		AskedFirst: "Första frågan", SaidLast: "Besökarens senaste", AnsweredLast: "Senaste svaret", LastNote: "Senaste anteckningen", State: "Läge",
		Open: "Öppen", Waiting: "Öppen, väntar på svar", Closed: "Stängd", Snoozed: "Uppskjuten", HandedOver: "överlämnad av AI-agenten",
		Messages: "Meddelanden", Notes: "anteckningar", VisitorsAsked: "Vad som frågades",
	},
	"da": {
		Name:     "Danish",
		PassedOn: "Jeg giver det videre til teamet. Nogen svarer her.",
		Away:     "Jeg giver det videre til teamet. Der er ingen lige nu; de svarer her, når de er tilbage.",
		Welcome:  "Hej! Hvad kan jeg hjælpe med?", Gladly: "Det var så lidt.", Hello: "Hej%s,",
		Asked: "Spørgsmål", Nearest: "Nærmest", Confidence: "Sikkerhed %s %%.",
		Unsure: "Intet i hjælpecentret svarer sikkert nok på dette.", Requested: "Den besøgende bad om et menneske.",
		Topic: "Dette emne er for mennesker.", Rule: "Denne besøgendes samtaler er for mennesker.",
		Spent: "Budgettet til sprogmodellen er brugt, og ingen artikel svarer sikkert nok.",
		Turns: "AI-agenten har svaret tit nok.", Failed: "AI-agenten fejlede, og ingen artikel svarer sikkert nok.",
		AskedFirst: "Først spurgt", SaidLast: "Den besøgendes seneste", AnsweredLast: "Seneste svar", LastNote: "Seneste note", State: "Status",
		Open: "Åben", Waiting: "Åben, venter på svar", Closed: "Lukket", Snoozed: "Udsat", HandedOver: "overdraget af AI-agenten",
		Messages: "Beskeder", Notes: "noter", VisitorsAsked: "Hvad der blev spurgt om",
	},
	"tr": {
		Name:     "Turkish",
		PassedOn: "Bunu ekibe iletiyorum. Biri buradan yanıt verecek.",
		Away:     "Bunu ekibe iletiyorum. Şu anda kimse yok; döndüklerinde burada yanıt verecekler.",
		Welcome:  "Merhaba! Nasıl yardımcı olabilirim?", Gladly: "Rica ederim.", Hello: "Merhaba%s,",
		Asked: "Soru", Nearest: "En yakın", Confidence: "Güven: %%%s.",
		Unsure: "Yardım merkezinde buna yeterince kesin yanıt veren bir şey yok.", Requested: "Ziyaretçi bir insan istedi.",
		Topic: "Bu konu insanlara bırakılmıştır.", Rule: "Bu ziyaretçinin görüşmeleri insanlara bırakılmıştır.",
		Spent: "Dil modelinin bütçesi bitti ve hiçbir makale yeterince kesin yanıt vermiyor.",
		Turns: "Yapay zekâ yeterince yanıt verdi.", Failed: "Yapay zekâ başarısız oldu ve hiçbir makale yeterince kesin yanıt vermiyor.",
		AskedFirst: "İlk soru", SaidLast: "Ziyaretçinin son mesajı", AnsweredLast: "Son yanıt", LastNote: "Son not", State: "Durum",
		Open: "Açık", Waiting: "Açık, yanıt bekliyor", Closed: "Kapalı", Snoozed: "Ertelendi", HandedOver: "yapay zekâ tarafından devredildi",
		Messages: "Mesajlar", Notes: "notlar", VisitorsAsked: "Ziyaretçilerin sorduğu",
	},
}

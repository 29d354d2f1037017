package helpcenter

type pages struct{}

/** How a Chromium is started wherever the product is looked at: end-to-end tests, pictures, the bench. */
export const LAUNCH = {
	executablePath: process.env.WATCHFLOOR_BROWSER || '/usr/bin/chromium',
	args: [
		'--no-sandbox',
		'--disable-gpu',
		'--disable-quic',
		'--no-first-run',
		'--disable-background-networking',
		'--disable-component-update',
		'--disable-sync'
	]
};
